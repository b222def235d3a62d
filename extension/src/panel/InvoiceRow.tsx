// One invoice of the panel: what it is, how it stands, what can be done with it.

import type { Api } from "../api/client";
import type { Invoice, Panel } from "../api/types";
import type { Host } from "../host";
import { format, t } from "../i18n";
import { share } from "../logic/format";
import { isStatus } from "../logic/status";
import { Bar, Menu, Note, StatusChip } from "../ui/parts";
import { nameOf } from "../ui/invoice";
import { choicesFor } from "./actions";

interface RowProps {
  invoice: Invoice;
  panel: Panel;
  api: Api;
  host: Host;
  deal: number;
  onDone: () => Promise<void>;
  onCopy: () => Promise<void>;
  onEmail: () => Promise<void>;
}

export function InvoiceRow({ invoice, panel, api, host, deal, onDone, onCopy, onEmail }: RowProps) {
  const books = panel.books.find((each) => each.id === invoice.connection_id);
  const name = nameOf(invoice);
  const gone = invoice.status === "voided" || invoice.status === "deleted";
  return (
    <li>
      <div class="spread line">
        <span class="name grow"><a href={invoice.url} target="_blank" rel="noopener noreferrer">{name}</a></span>
        {isStatus(invoice.status) && <StatusChip status={invoice.status} provider={invoice.provider} />}
        <Menu label={t("common.more_for", { what: name })} choices={choicesFor({ invoice, providerName: books?.provider_name ?? "", api, host, deal, onDone, onCopy, onEmail })} />
      </div>
      <div class="spread line">
        <span class="soft small">{gone ? t("panel.from_day", { date: format().day(invoice.issued_on) }) : <Due invoice={invoice} />}</span>
        <span class={`number ${gone ? "soft" : ""}`}>{format().money(invoice.total)}</span>
      </div>
      {panel.books.length > 1 && books && <p class="soft small line">{books.name}</p>}
      {!gone && <Paid invoice={invoice} />}
      {invoice.unknown_word && <p class="soft small line">{t("panel.unknown_word", { word: invoice.unknown_word })}</p>}
      <Sent invoice={invoice} />
      {invoice.difference && <Note tone="warn">{t("panel.difference", { amount: format().money(invoice.difference) })}</Note>}
      {invoice.warnings.map((warning) => <Note tone="warn" key={warning}>{t("panel.books_say", { books: books?.provider_name ?? t("panel.books"), text: warning })}</Note>)}
    </li>
  );
}

function Sent({ invoice: { mailing } }: { invoice: Invoice }) {
  if (!mailing?.at) return null;
  const date = format().moment(mailing.at);
  return <p class={`small line ${mailing.state === "sent" ? "soft" : "late"}`}>{mailing.state === "sent" ? t("panel.sent", { date, to: mailing.to.join(", ") }) : t("panel.sent_doubt", { date })}</p>;
}

function Due({ invoice }: { invoice: Invoice }) {
  const days = invoice.days_until_due;
  if (invoice.status === "paid" || invoice.due_on === null || days === null) return <>{t("panel.from_day", { date: format().day(invoice.issued_on) })}</>;
  if (days < 0) return <span class={invoice.status === "overdue" ? "late" : ""}>{t("due.late", { count: -days })}</span>;
  const words = days === 0 ? t("due.today") : days === 1 ? t("due.tomorrow") : days <= 30 ? t("due.in", { count: days }) : t("due.on", { date: format().day(invoice.due_on) });
  return <span title={format().day(invoice.due_on)}>{words}</span>;
}

function Paid({ invoice }: { invoice: Invoice }) {
  const money = format().money;
  const credited = Number(invoice.credited.amount) > 0;
  if (invoice.status === "paid") return credited ? <p class="soft small line">{t("panel.credited", { amount: money(invoice.credited) })}</p> : null;
  if (Number(invoice.paid.amount) <= 0) return null;
  const words = t("panel.paid_of", { paid: money(invoice.paid), total: money(invoice.total) });
  return (
    <>
      <Bar share={share(invoice.paid.amount, invoice.total.amount)} label={words} />
      <p class="soft small line spread">
        <span>{t("panel.paid_part", { paid: money(invoice.paid) })}{credited && ` · ${t("panel.credited_partly", { amount: money(invoice.credited) })}`}</span>
        <span class="number">{t("panel.left", { amount: money(invoice.amount_due) })}</span>
      </p>
    </>
  );
}
