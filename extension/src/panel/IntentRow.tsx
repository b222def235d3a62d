// An invoice that is wished for and not there yet.

import type { Intent, Panel } from "../api/types";
import { format, t } from "../i18n";
import { sayFact } from "../i18n/problems";
import { Waiting } from "../ui/icons";
import { Button, Note } from "../ui/parts";

export function IntentRow({ intent, panel, onAgain }: { intent: Intent; panel: Panel; onAgain: () => unknown }) {
  const books = panel.books.find((each) => each.id === intent.connection_id)?.name ?? t("panel.books");
  return (
    <li>
      <div class="spread line">
        <span class="name">{t("panel.new_label")}</span>
        <IntentChip state={intent.state} />
      </div>
      {intent.state === "being_created" && <p class="soft small">{t("panel.creating_text")}{lookAgain(intent, panel.now)}</p>}
      {intent.state === "needs_you" && <Note tone="bad">{t("panel.needs_you_text", { books })}</Note>}
      {intent.state === "refused" && intent.refusal && (
        <Note tone="bad">
          <p>{sayFact(intent.refusal)}</p>
          <Button className="plain" work={onAgain}>{t("panel.refused_again")}</Button>
        </Note>
      )}
    </li>
  );
}

function IntentChip({ state }: { state: Intent["state"] }) {
  if (state === "being_created") return <span class="chip calm"><span class="row"><Waiting size={12} className="spin" />{t("panel.creating")}</span></span>;
  return <span class="chip bad">{state === "refused" ? t("panel.refused") : t("panel.needs_you")}</span>;
}

const lookAgain = (intent: Intent, now: string) => (intent.look_again_at && Date.parse(intent.look_again_at) > Date.parse(now) ? ` ${t("panel.look_again", { time: format().moment(intent.look_again_at) })}.` : "");

export function Duplicate({ intent }: { intent: Intent }) {
  return <Note tone="bad">{t("panel.duplicate", { numbers: intent.possible_duplicates.join(", ") })}</Note>;
}
