// Dates, numbers and words of the invoice, and who it is made out to.

import type { Details, Fact } from "../api/types";
import { t } from "../i18n";
import { Select, Text, type Option } from "../ui/fields";
import { blame } from "./blame";
import type { FormProps } from "./CreateForm";
import { edit } from "./form";
import { InvoiceTracking } from "./Tracking";

type Address = Details["address"];
const HANDLINGS = ["exclusive", "inclusive", "none"] as const;

export function Facts({ form, change, facts }: FormProps & { facts: Fact[] }) {
  const { draft, prefill } = form;
  const can = (feature: string) => prefill.features.includes(feature);
  const terms: Option[] = [["", t("create.term_none")], ...prefill.terms.map((each): Option => [each.id, each.name])];
  const templates: Option[] = [["", t("create.template_default")], ...prefill.templates.map((each): Option => [each.id, each.name])];
  return (
    <section aria-labelledby="facts" class="stack">
      <h2 id="facts">{t("create.details")}</h2>
      <div class="grid">
        <Text label={t("create.issued_on")} type="date" required value={draft.issued_on} error={blame(facts, "/issued_on")} onChange={(issued_on) => { if (issued_on) change(edit(form, { issued_on })); }} />
        <Text label={t("create.due_on")} type="date" value={draft.due_on ?? ""} error={blame(facts, "/due_on")} onChange={(due_on) => change(edit(form, { due_on: due_on || null }))} />
        {can("terms") && prefill.terms.length > 0 && <Select label={t("create.term")} value={draft.term_id ?? ""} options={terms} error={blame(facts, "/term")} onChange={(id) => change(edit(form, { term_id: id || null }))} />}
        <Text label={t("create.po_number")} value={draft.po_number} maxLength={500} onChange={(po_number) => change(edit(form, { po_number }))} />
        {draft.number !== null && <Text label={t("create.number")} value={draft.number ?? ""} maxLength={500} hint={t("create.number_auto")} error={blame(facts, "/number")} onChange={(number) => change(edit(form, { number }))} />}
        {prefill.currencies.length > 1 && <Select label={t("create.currency")} value={draft.currency} options={prefill.currencies.map((each): Option => [each, each])} hint={draft.currency === prefill.draft.currency ? undefined : t("create.currency_hint")} error={blame(facts, "/currency")} onChange={(currency) => change(edit(form, { currency }))} />}
        <Select label={t("create.tax_handling")} value={draft.tax_handling} options={HANDLINGS.map((each): Option => [each, t(`create.tax_${each}`)])} onChange={(value) => change(edit(form, { tax_handling: value as typeof draft.tax_handling }))} />
        {can("templates") && prefill.templates.length > 0 && <Select label={t("create.template")} value={draft.template_id ?? ""} options={templates} onChange={(id) => change(edit(form, { template_id: id || null }))} />}
        <InvoiceTracking form={form} change={change} />
      </div>
      <Text label={t("create.memo")} rows={2} value={draft.memo} onChange={(memo) => change(edit(form, { memo }))} />
      <details open={!draft.customer_id || facts.some((fact) => fact.fields.some((field) => field.startsWith("/details")))}>
        <summary>{draft.details.name || t("create.name")}{summaryOf(draft.details)}</summary>
        <DetailsFields form={form} change={change} facts={facts} />
      </details>
    </section>
  );
}

const summaryOf = ({ email, address }: Details) => <span class="soft"> {[...address.lines, address.postal_code, address.city, email].filter(Boolean).join(", ")}</span>;

function DetailsFields({ form, change, facts }: Pick<FormProps, "form" | "change"> & { facts: Fact[] }) {
  const { details } = form.draft;
  const { address } = details;
  const put = (part: Partial<Details>) => change(edit(form, { details: { ...details, ...part } }));
  const move = (part: Partial<Address>) => put({ address: { ...address, ...part } });
  return (
    <div class="grid">
      <Text label={t("create.name")} value={details.name} error={blame(facts, "/details/name")} onChange={(name) => put({ name })} />
      <Text label={t("create.email")} value={details.email} error={blame(facts, "/details/email")} onChange={(email) => put({ email })} />
      <Text label={t("create.tax_id")} value={details.tax_id} error={blame(facts, "/details/tax_id")} onChange={(tax_id) => put({ tax_id })} />
      <Text label={t("create.street")} rows={2} value={address.lines.join("\n")} onChange={(text) => move({ lines: text.split("\n").slice(0, 5) })} />
      <Text label={t("create.postal_code")} value={address.postal_code} onChange={(postal_code) => move({ postal_code })} />
      <Text label={t("create.city")} value={address.city} onChange={(city) => move({ city })} />
      <Text label={t("create.region")} value={address.region} onChange={(region) => move({ region })} />
      <Text label={t("create.country")} value={address.country} error={blame(facts, "/details/address/country")} onChange={(country) => move({ country })} />
    </div>
  );
}
