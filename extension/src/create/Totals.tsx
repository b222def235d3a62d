// What the books will compute, and what stands in the way.

import type { Fact, Preview } from "../api/types";
import { format, t } from "../i18n";
import { sayFact } from "../i18n/problems";
import type { PreviewState } from "../logic/preview";
import { Note } from "../ui/parts";
import { standsAtField } from "./blame";
import type { Form } from "./form";

export function Totals({ preview, facts }: { preview: PreviewState<Preview>; form: Form; facts: Fact[] }) {
  const totals = preview.answer?.totals;
  const money = (value: { amount: string; currency: string }) => format().money(value);
  return (
    <section class="totals" aria-label={t("create.total")}>
      <div class="stack grow">
        {facts.filter((fact) => !standsAtField(fact)).map((fact) => <Note key={fact.code + fact.fields.join()} tone={fact.severity === "stop" ? "bad" : "warn"}>{sayFact(fact)}</Note>)}
      </div>
      {totals && (
        <dl class={preview.fresh ? "" : "stale"} aria-busy={!preview.fresh}>
          <dt>{t("create.net")}</dt><dd>{money(totals.net)}</dd>
          {totals.taxes.map((tax) => [<dt key={`${tax.name}-name`}>{t("create.tax_on", { name: tax.name, net: money(tax.net) })}</dt>, <dd key={tax.name}>{money(tax.tax)}</dd>])}
          {totals.books_decide_tax && [<dt key="tax">{t("create.tax")}</dt>, <dd key="by">{t("create.tax_by_books")}</dd>]}
          <dt class="sum">{t("create.total")}</dt><dd class="sum">{totals.total ? money(totals.total) : t("create.total_plus_tax", { net: money(totals.net) })}</dd>
        </dl>
      )}
    </section>
  );
}
