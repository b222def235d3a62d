// Sums by currency, and what is to be paid by its age.

import type { AgedTotals } from "../api/types";
import { format, t } from "../i18n";
import { share } from "../logic/format";

const AGES = [["not_due", "not_due"], ["overdue_1_30", "age_1_30"], ["overdue_31_60", "age_31_60"], ["overdue_61_90", "age_61_90"], ["overdue_over_90", "age_over_90"]] as const;

export function Ageing({ totals, whole }: { totals: AgedTotals[]; whole: boolean }) {
  return (
    <section class="stack" aria-label={t("invoices.ageing")}>
      {totals.map((sums) => <Sums key={sums.outstanding.currency} sums={sums} />)}
      {!whole && <p class="soft small">{t("invoices.so_far")}</p>}
    </section>
  );
}

function Sums({ sums }: { sums: AgedTotals }) {
  const { money } = format();
  const owed = AGES.filter(([field]) => Number(sums[field].amount) > 0);
  return (
    <figure class="sums">
      <dl class="row wrap">
        {(["outstanding", "overdue", "paid"] as const).map((each) => <div key={each}><dt class="soft small">{t(`invoices.${each}`)}</dt><dd class={each === "overdue" && Number(sums.overdue.amount) > 0 ? "late" : ""}>{money(sums[each])}</dd></div>)}
      </dl>
      {owed.length > 0 && (
        <>
          <div class="ages" aria-hidden="true">{owed.map(([field]) => <div key={field} class={field} style={{ flexGrow: share(sums[field].amount, sums.outstanding.amount) }} />)}</div>
          <ul class="row wrap small">
            {owed.map(([field, key]) => <li key={field} class="row"><span class={`dot ${field}`} />{t(`invoices.${key}`)} <strong class="number">{money(sums[field])}</strong></li>)}
          </ul>
        </>
      )}
    </figure>
  );
}
