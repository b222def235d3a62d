// What comes after the press, where there is more to say than "created".

import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api/client";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import { poll } from "../logic/poll";
import { Done, Waiting, Warning } from "../ui/icons";
import { Button } from "../ui/parts";
import { type Outcome, whatBecame } from "./press";

export function Sending({ words }: { words: string }) {
  return <div class="state" role="status"><Waiting size={32} className="spin" /><p class="soft">{words}</p></div>;
}

interface AfterProps {
  api: Api;
  deal: number;
  books: string;
  outcome: Extract<Outcome, { kind: "made" | "followed" }>;
  onMade: () => void;
  onClose: () => void;
}

export function After({ api, deal, books, outcome, onMade, onClose }: AfterProps) {
  const [now, setNow] = useState<Outcome>(outcome);
  const { key } = outcome.intent;
  const waits = now.kind === "followed" && now.intent.state === "being_created";
  useEffect(() => (waits ? poll(async () => {
    const became = await whatBecame(api, deal, key);
    if (became) setNow(became);
    return became === null || (became.kind === "followed" && became.intent.state === "being_created") ? "again" : "over";
  }) : undefined), [api, deal, key, waits]);
  const made = now.kind === "made";
  useEffect(() => { if (made) onMade(); }, [made, onMade]);

  const close = <div class="row"><Button className="act" work={onClose}>{t("common.close")}</Button></div>;
  if (now.kind === "made") return <section class="state" role="status"><Done size={32} /><h2>{t("create.made_title")}</h2>{close}</section>;
  if (now.kind === "followed" && now.intent.state === "needs_you") return <section class="state" role="alert"><Warning size={32} /><h2>{t("create.needs_you_title")}</h2><p class="soft">{t("panel.needs_you_text", { books: books || t("panel.books") })}</p>{close}</section>;
  if (now.kind === "refused") return <section class="state" role="alert"><Warning size={32} /><h2>{t("panel.refused")}</h2><p class="soft">{sayError(now.problem)}</p>{close}</section>;
  return <section class="state" role="status"><Waiting size={32} className="spin" /><h2>{t("create.following_title")}</h2><p class="soft">{t("create.following_text")}</p>{close}</section>;
}
