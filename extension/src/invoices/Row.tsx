// One invoice of the list, and to which deal it belongs.

import type { Api } from "../api/client";
import type { CustomerInvoice } from "../api/types";
import type { Host } from "../host";
import { format, t } from "../i18n";
import { sayError } from "../i18n/problems";
import { isStatus } from "../logic/status";
import { nameOf } from "../ui/invoice";
import { Button, StatusChip } from "../ui/parts";

interface RowProps {
  invoice: CustomerInvoice;
  api: Api;
  host: Host;
  deal: number;
  again: () => Promise<void>;
}

export function Row({ invoice, api, host, deal, again }: RowProps) {
  const { day, money } = format();
  const path = { deal_id: deal, connection_id: invoice.connection_id, invoice_id: invoice.id };
  const named = { invoice: nameOf(invoice) };
  const attempt = async (work: () => Promise<string>) => {
    try {
      host.say(await work());
      await again();
    } catch (error) {
      host.say(sayError(error));
    }
  };
  const link = (from: number | null) => attempt(async () => {
    await api.ask("put", "/deals/{deal_id}/invoices/{connection_id}/{invoice_id}/link", { path, body: { move_from: from } });
    return t("invoices.linked", named);
  });
  const move = async () => {
    const { deal_id: holder, deal_title: title } = invoice.link;
    const description = title ? t("invoices.move_text", { deal: title }) : t("invoices.move_text_hidden");
    if (holder !== null && holder !== undefined && (await host.ask({ title: t("invoices.move_title"), description, ok: t("invoices.move"), cancel: t("common.cancel") }))) await link(holder);
  };
  const unlink = async () => {
    if (!(await host.ask({ title: t("action.unlink_title", named), description: t("action.unlink_text"), ok: t("invoices.unlink"), cancel: t("common.cancel") }))) return;
    await attempt(async () => {
      await api.ask("delete", "/deals/{deal_id}/invoices/{connection_id}/{invoice_id}/link", { path });
      return t("action.done_unlink", named);
    });
  };
  return (
    <tr>
      <td><a href={invoice.url} target="_blank" rel="noopener noreferrer">{invoice.number || "–"}</a></td>
      <td class="number">{day(invoice.issued_on)}</td>
      <td class="number">{invoice.due_on ? day(invoice.due_on) : "–"}{invoice.days_overdue > 0 && <span class="small late"> {t("due.late", { count: invoice.days_overdue })}</span>}</td>
      <td>{isStatus(invoice.status) && <StatusChip status={invoice.status} provider={invoice.provider} />}</td>
      <td class="number">{money(invoice.total)}</td>
      <td class="number">{money(invoice.amount_due)}</td>
      <td>
        {invoice.link.to === "this_deal" && <span class="row">{t("invoices.this_deal")}<Button className="plain" work={unlink}>{t("invoices.unlink")}</Button></span>}
        {invoice.link.to === "other_deal" && <span class="row"><span>{invoice.link.deal_title ?? t("invoices.other_deal")}</span>{invoice.link.deal_id != null && <Button className="plain" work={move}>{t("invoices.move")}</Button>}</span>}
        {invoice.link.to === "none" && <span class="row"><Button className="plain" work={() => link(null)}>{t("invoices.link")}</Button>{invoice.suggested && <span class="chip calm">{t("invoices.suggested")}</span>}</span>}
      </td>
    </tr>
  );
}

