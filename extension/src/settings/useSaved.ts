// Settings as the server has them, as the person has changed them, and how the one becomes the other.

import { useCallback, useEffect, useState } from "preact/hooks";
import { Problem } from "../api/client";
import type { Fact } from "../api/types";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import type { Host } from "../host";
import { same } from "./unsaved";

interface Answer<S> {
  settings: S;
  problems: Fact[];
}

export interface Saved<S> {
  settings: S | null;
  problems: Fact[];
  error: unknown;
  /** Why the last attempt to save was refused, until the next one. */
  refused: Fact | null;
  unsaved: boolean;
  change: (part: Partial<S>) => void;
  save: () => Promise<void>;
  discard: () => void;
}

/** `load` and `store` must keep their identity from one drawing to the next. */
export function useSaved<S extends object>(host: Host, load: () => Promise<Answer<S>>, store: (settings: S) => Promise<Answer<S>>): Saved<S> {
  const [kept, setKept] = useState<Answer<S> | null>(null);
  const [settings, setSettings] = useState<S | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [refused, setRefused] = useState<Fact | null>(null);
  const take = useCallback((answer: Answer<S>) => {
    setKept(answer);
    setSettings(answer.settings);
  }, []);
  useEffect(() => { load().then(take, setError); }, [load, take]);
  const save = async () => {
    if (!settings) return;
    setRefused(null);
    try {
      take(await store(settings));
      host.say(t("settings.saved"));
    } catch (failure) {
      if (failure instanceof Problem && failure.fields.length > 0) setRefused({ code: failure.code, message: failure.message, severity: "stop", fields: failure.fields, values: failure.values });
      host.say(sayError(failure));
    }
  };
  return {
    settings,
    problems: kept?.problems ?? [],
    error,
    refused,
    unsaved: kept !== null && !same(kept.settings, settings),
    change: (part) => setSettings((now) => (now ? { ...now, ...part } : now)),
    save,
    discard: () => {
      setSettings(kept?.settings ?? null);
      setRefused(null);
    },
  };
}
