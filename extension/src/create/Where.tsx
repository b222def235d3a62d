// Into which books, and which part of the deal.

import { format, t } from "../i18n";
import { Select, type Option } from "../ui/fields";
import type { FormProps } from "./CreateForm";

export function Where({ form, open }: FormProps & { open: (connection?: string | null, instalment?: number | null) => Promise<void> }) {
  const { draft, prefill } = form;
  const books = prefill.books.map((each): Option => [each.id, each.name]);
  const parts: Option[] = [["", t("create.whole_deal")], ...prefill.instalments.map((each): Option => [String(each.id), t("create.instalment_option", {
    what: each.description || t("create.instalment"), date: format().day(each.billing_date), amount: format().money(each.amount),
  })])];
  if (books.length < 2 && prefill.instalments.length === 0) return null;
  return (
    <section class="grid">
      {books.length > 1 && <Select label={t("create.books")} value={draft.connection_id} options={books} onChange={(id) => void open(id, draft.instalment_id ?? null)} />}
      {prefill.instalments.length > 0 && <Select label={t("create.instalment")} value={String(draft.instalment_id ?? "")} options={parts} onChange={(id) => void open(draft.connection_id, id ? Number(id) : null)} />}
    </section>
  );
}
