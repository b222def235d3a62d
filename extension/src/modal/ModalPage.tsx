// The modals of a deal: from the deal's own menu one makes an invoice; the panel opens those with all of them and with an e-mail.

import { t } from "../i18n";
import { CreatePage } from "../create/CreatePage";
import { InvoicesPage } from "../invoices/InvoicesPage";
import { MailPage } from "../mail/MailPage";
import type { PageProps } from "../ui/page";

export function ModalPage(props: PageProps) {
  const { deal } = props.around;
  if (deal === null) return <p class="state">{t("common.opened_elsewhere")}</p>;
  const { view, connection, invoice } = props.around.data;
  if (view === "invoices") return <InvoicesPage {...props} deal={deal} />;
  if (view === "email" && connection && invoice) return <MailPage {...props} place={{ deal_id: deal, connection_id: connection, invoice_id: invoice }} />;
  return <CreatePage {...props} deal={deal} />;
}
