// The categories of the books by which an invoice, or one of its lines, is sorted.

import { t } from "../i18n";
import { Select, type Option } from "../ui/fields";
import type { FormProps } from "./CreateForm";
import { optionIn, ownOption, trackInvoice, trackLine } from "./tracking";

/** Of the whole invoice. */
export function InvoiceTracking({ form, change }: Pick<FormProps, "form" | "change">) {
  return <>{form.prefill.tracking_categories.map(({ id, name, options }) => (
    <Select key={id} label={name} value={optionIn(form.draft.tracking, id)} options={[["", t("common.none")], ...options.map((each): Option => [each.id, each.name])]} onChange={(option) => change(trackInvoice(form, id, option))} />
  ))}</>;
}

/** Of one line, which goes with the invoice unless it says otherwise. */
export function LineTracking({ form, change, index }: Pick<FormProps, "form" | "change"> & { index: number }) {
  const line = form.draft.lines[index];
  if (!line || form.prefill.tracking_categories.length === 0) return null;
  return (
    <div class="grid tracks">
      {form.prefill.tracking_categories.map(({ id, name, options }) => (
        <Select key={id} label={name} value={ownOption(form, line, id)} options={[["", t("create.as_invoice")], ...options.filter((each) => each.id !== optionIn(form.draft.tracking, id)).map((each): Option => [each.id, each.name])]} onChange={(option) => change(trackLine(form, index, id, option))} />
      ))}
    </div>
  );
}
