// The modal of a deal: from the deal's own menu it makes an invoice; the panel may ask it to show all of them.

import { t } from "../i18n";
import { CreatePage } from "../create/CreatePage";
import { InvoicesPage } from "../invoices/InvoicesPage";
import type { PageProps } from "../ui/page";

export function ModalPage(props: PageProps) {
  const { deal } = props.around;
  if (deal === null) return <p class="state">{t("common.opened_elsewhere")}</p>;
  if (props.around.data["view"] === "invoices") return <InvoicesPage {...props} deal={deal} />;
  return <CreatePage {...props} deal={deal} />;
}
