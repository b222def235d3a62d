// The sum and the button, always in sight.

import type { Preview } from "../api/types";
import { format, t } from "../i18n";
import type { PreviewState } from "../logic/preview";
import { Button, Menu } from "../ui/parts";
import type { Form } from "./form";

type Creation = "save" | "submit" | "approve";

interface FooterProps {
  form: Form;
  preview: PreviewState<Preview>;
  sending: boolean;
  onSend: (creation: Creation) => Promise<void>;
  onClose: () => Promise<void>;
}

export function Footer({ form, preview, sending, onSend, onClose }: FooterProps) {
  const approval = form.prefill.features.includes("approval");
  const chosen: Creation = form.draft.creation;
  const others = (["save", "submit", "approve"] as const).filter((each) => each !== chosen && (each !== "approve" || form.prefill.may_approve));
  const words = (creation: Creation) => (approval ? t(creation === "save" ? "create.save_draft" : `create.${creation}`) : t("create.save_default"));
  const stopped = preview.fresh && (preview.error !== null || !preview.answer?.can_be_created);
  const stops = preview.answer?.problems.filter((fact) => fact.severity === "stop").length ?? 0;
  return (
    <footer class="spread">
      <div role="status">
        <p class="sum">{sending ? t("create.sending") : sumOf(preview)}</p>
        {stops > 0 && <button type="button" class="plain small" onClick={toFirst}>{t("create.stops", { count: stops })}</button>}
      </div>
      <div class="row">
        <Button work={onClose} disabled={sending}>{t("common.cancel")}</Button>
        <Button className="act" work={() => onSend(chosen)} disabled={stopped} busy={sending}>{words(chosen)}</Button>
        {approval && !stopped && !sending && <Menu label={t("create.how")} choices={others.map((each) => ({ label: words(each), choose: () => void onSend(each) }))} />}
      </div>
    </footer>
  );
}

function toFirst() {
  const first = document.querySelector<HTMLElement>("main [aria-invalid=true], main .note.bad");
  first?.scrollIntoView({ block: "center" });
  first?.focus({ preventScroll: true });
}

function sumOf({ answer, error, fresh }: PreviewState<Preview>) {
  if (error !== null && fresh) return <span class="soft">{t("create.not_computed")}</span>;
  if (!answer) return <span class="soft">{t("create.computing")}</span>;
  const { total, net } = answer.totals;
  return <span class={fresh ? "" : "stale"}>{t("create.total")} <strong class="number">{total ? format().money(total) : t("create.total_plus_tax", { net: format().money(net) })}</strong></span>;
}
