// All invoices of the deal's customer, made here or in the books.

import { useState } from "preact/hooks";
import type { CustomerInvoices } from "../api/types";
import { t } from "../i18n";
import { sayError, sayNotice } from "../i18n/problems";
import { dayOf } from "../logic/format";
import { isStatus, STATUSES, statusKey } from "../logic/status";
import { Warning } from "../ui/icons";
import { Select, type Option } from "../ui/fields";
import type { PageProps } from "../ui/page";
import { Button, Note } from "../ui/parts";
import { save } from "../ui/save";
import { Ageing } from "./Ageing";
import { csv } from "./csv";
import { Row } from "./Row";
import { since, SPANS, type Span } from "./span";
import { useInvoices } from "./useInvoices";

export function InvoicesPage({ host, api, deal }: PageProps & { deal: number }) {
  const [span, setSpan] = useState<Span>("last_12");
  const [status, setStatus] = useState("");
  const { list, error, loading, more, again } = useInvoices(api, deal, { from: since(span, dayOf(new Date())), status });
  const name = list?.customers.find((each) => each.customer_name)?.customer_name;
  const statuses: Option[] = [["", t("invoices.any_status")], ...STATUSES.map((each): Option => [each, t(statusKey(each, ""))])];
  return (
    <main class="list stack">
      <h1>{name ? t("invoices.title", { customer: name }) : t("invoices.title_plain")}</h1>
      <div class="spread wrap">
        <div class="row wrap filters">
          <Select label={t("invoices.time")} value={span} options={SPANS.map((each): Option => [each, t(`invoices.${each}`)])} onChange={(value) => setSpan(value as Span)} />
          <Select label={t("invoices.status")} value={status} options={statuses} onChange={setStatus} />
        </div>
        {list && list.invoices.length > 0 && <Button work={() => save("invoices.csv", new Blob([csv(table(list))], { type: "text/csv;charset=utf-8" }))}>{t("invoices.csv")}</Button>}
      </div>
      {error !== null && <section class="state" role="alert"><Warning size={32} /><h2>{t("invoices.failed")}</h2><p class="soft">{sayError(error)}</p><div class="row"><Button className="act" work={again}>{t("common.try_again")}</Button></div></section>}
      {list?.notices.map((notice) => <Note tone="warn" live key={notice.code + notice.message}>{sayNotice(notice)}</Note>)}
      {list?.customers.filter((each) => each.customer_id === null).map((each) => <Note key={each.connection_id}>{t("invoices.not_linked", { books: each.books })}</Note>)}
      {list && list.totals.length > 0 && <Ageing totals={list.totals} whole={list.cursor === null} />}
      {list && error === null && <Table list={list} loading={loading} api={api} host={host} deal={deal} again={again} />}
      {loading && !list && <p class="state soft" role="status">{t("invoices.loading")}</p>}
      {list?.cursor && <div class="state"><Button work={more} busy={loading}>{t("invoices.more")}</Button></div>}
    </main>
  );
}

type TableProps = { list: CustomerInvoices; loading: boolean; deal: number; again: () => Promise<void> } & Pick<PageProps, "api" | "host">;

function Table({ list, loading, again, ...rest }: TableProps) {
  if (list.invoices.length === 0) return loading ? null : <p class="state soft">{t("invoices.none")}</p>;
  return (
    // What scrolls must be within reach of the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div class="scroll" role="region" aria-label={t("panel.title")} tabIndex={0}>
      <table aria-busy={loading}>
        <thead><tr>
          <th scope="col">{t("invoices.number")}</th><th scope="col">{t("invoices.date")}</th><th scope="col">{t("invoices.due")}</th><th scope="col">{t("invoices.status")}</th>
          <th scope="col" class="number">{t("invoices.amount")}</th><th scope="col" class="number">{t("invoices.left")}</th><th scope="col">{t("invoices.deal")}</th>
        </tr></thead>
        <tbody>{list.invoices.map((invoice) => <Row key={`${invoice.connection_id}/${invoice.id}`} invoice={invoice} again={again} {...rest} />)}</tbody>
      </table>
    </div>
  );
}

function table({ invoices }: CustomerInvoices): string[][] {
  const head = [t("invoices.number"), t("create.customer"), t("invoices.date"), t("invoices.due"), t("invoices.status"), t("create.currency"), t("invoices.amount"), t("invoices.paid"), t("invoices.left"), t("invoices.deal")];
  return [head, ...invoices.map((each) => [
    each.number, each.customer_name, each.issued_on, each.due_on ?? "", isStatus(each.status) ? t(statusKey(each.status, each.provider)) : each.status,
    each.total.currency, each.total.amount, each.paid.amount, each.amount_due.amount, each.link.deal_title ?? "",
  ])];
}

