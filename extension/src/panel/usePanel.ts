// What the panel knows, and how it learns more: at first, on refresh, while an invoice is being created.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Panel } from "../api/types";
import { poll } from "../logic/poll";
import { learnProblems } from "./words";

export interface Known {
  panel: Panel | null;
  error: unknown;
  reload: () => Promise<void>;
  refresh: () => Promise<boolean>;
}

export const isWaiting = (panel: Panel): boolean => panel.intents.some((intent) => intent.state === "being_created");

export function usePanel(api: Api, deal: number, onPanel: (panel: Panel) => void): Known {
  const [panel, setPanel] = useState<Panel | null>(null);
  const [error, setError] = useState<unknown>(null);
  const newest = useRef(0);

  // Answers may overtake each other: only that of the newest question counts.
  const take = useCallback(async (question: () => Promise<Panel>): Promise<Panel | null> => {
    const mine = ++newest.current;
    try {
      const answer = await question();
      if (mine !== newest.current) return answer;
      onPanel(answer);
      if (answer.intents.some((intent) => intent.state !== "being_created")) await learnProblems();
      setPanel(answer);
      setError(null);
      return answer;
    } catch (failure) {
      await learnProblems();
      if (mine === newest.current) setError(failure);
      return null;
    }
  }, [onPanel]);

  const read = useCallback(() => take(() => api.get("/deals/{deal_id}/invoices", { path: { deal_id: deal } })), [api, deal, take]);
  const reload = useCallback(async () => { await read(); }, [read]);
  const refresh = useCallback(async () => {
    const asked = await take(async () => (await api.ask("post", "/deals/{deal_id}/invoices/refresh", { path: { deal_id: deal } })).data);
    return asked !== null;
  }, [api, deal, take]);

  useEffect(() => { void reload(); }, [reload]);

  const waiting = panel !== null && isWaiting(panel);
  useEffect(() => (waiting ? poll(async () => {
    const answer = await read();
    return answer === null || isWaiting(answer) ? "again" : "over";
  }) : undefined), [waiting, read]);

  return { panel, error, reload, refresh };
}
