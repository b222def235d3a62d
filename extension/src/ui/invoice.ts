import { t } from "../i18n";

export const nameOf = ({ number }: { number: string }): string => (number ? t("common.invoice", { number }) : t("common.invoice_without_number"));
