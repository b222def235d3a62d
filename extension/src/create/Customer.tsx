// Whom the books bill: the linked customer, one found by search, or a new one.

import { useState } from "preact/hooks";
import type { Customer as BooksCustomer, Fact } from "../api/types";
import { t } from "../i18n";
import { sayError, sayFact } from "../i18n/problems";
import { newKey } from "../logic/keys";
import { Picker, type Found } from "../ui/Picker";
import { Button, Note } from "../ui/parts";
import { blame } from "./blame";
import type { FormProps } from "./CreateForm";
import { booksOf, newCustomer, takeCustomer } from "./form";

const found = (customer: BooksCustomer): Found<BooksCustomer> => ({ id: customer.id, label: customer.name, detail: [customer.email, customer.address.city, customer.currency].filter(Boolean).join(" · "), value: customer });

export function Customer({ form, api, host, deal, change, facts }: FormProps & { facts: Fact[] }) {
  const { draft, prefill } = form;
  const [said, setSaid] = useState<Fact[]>([]);
  const wrong = blame(facts, "/customer");
  const push = async (overwrite: boolean) => {
    try {
      const body = { connection_id: draft.connection_id, customer_id: draft.customer_id ?? "", push: draft.details, overwrite_tax_id: overwrite };
      const { data } = await api.ask("put", "/deals/{deal_id}/customer", { path: { deal_id: deal }, body, headers: { "idempotency-key": newKey() } });
      change({ ...form, customer: data.customer });
      setSaid(data.problems);
      if (data.problems.length === 0) host.say(t("create.customer_updated"));
    } catch (error) {
      host.say(sayError(error));
    }
  };
  return (
    <section aria-labelledby="customer">
      <h2 id="customer">{t("create.customer")}</h2>
      {draft.customer_id && (
        <div class="picked">
          <span class="grow"><strong>{form.customer?.name ?? draft.customer_id}</strong>{form.customer && <span class="soft"> · {[form.customer.email, form.customer.currency].filter(Boolean).join(" · ")}</span>}</span>
          <Button className="quiet" work={() => push(false)}>{t("create.update_customer")}</Button>
          <Button className="quiet" work={() => change(takeCustomer(form, null))}>{t("common.change")}</Button>
        </div>
      )}
      {wrong && (draft.customer_id ?? draft.create_customer) && <p class="small late" role="alert">{wrong}</p>}
      {said.map((fact) => <Note tone="warn" key={fact.code} live>{sayFact(fact)}{fact.code === "tax_id_hidden" && <> <Button className="plain" work={() => push(true)}>{t("create.overwrite_tax_id")}</Button></>}</Note>)}
      {!draft.customer_id && draft.create_customer && (
        <div class="picked">
          <span class="grow">{t("create.customer_will_be")}</span>
          <Button className="quiet" work={() => change(takeCustomer(form, null))}>{t("create.choose_instead")}</Button>
        </div>
      )}
      {!draft.customer_id && !draft.create_customer && (
        <Picker<BooksCustomer> label={t("create.customer_search", { books: booksOf(form) || t("create.books") })}
          search={async (text) => (await api.get("/connections/{connection_id}/customers", { path: { connection_id: draft.connection_id }, query: { query: text } })).map(found)}
          suggested={prefill.customer_suggestions.map(found)} onPick={(customer) => change(takeCustomer(form, customer))}
          create={{ label: () => t("create.customer_new"), make: () => change(newCustomer(form)) }} error={wrong} />
      )}
    </section>
  );
}

