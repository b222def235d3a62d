// A look at everything that creating an invoice needs. It asks and writes nothing.

import type { Api } from "../api/client";
import type { Connection } from "../api/types";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";

export interface Finding {
  good: boolean;
  words: string;
}

export async function check(api: Api, connection: Connection): Promise<Finding[]> {
  const path = { connection_id: connection.id };
  try {
    const [options, { settings, problems }] = await Promise.all([
      api.get("/connections/{connection_id}/settings/options", { path }),
      api.get("/connections/{connection_id}/settings", { path }),
    ]);
    const codes = (settings.tax_codes ?? {}) as Record<string, string>;
    const missing = options.tax_rates.filter((rate) => !codes[rate]);
    const approves = options.features.includes("approval") ? [finding(options.may_approve, t("settings.check_approve"), t("settings.check_approve_not"))] : [];
    return [
      { good: true, words: t("settings.check_reach") },
      finding(Boolean(settings.default_item_id) || settings.unlinked_line === "create_item", t("settings.check_item"), t("settings.check_item_not")),
      finding(missing.length === 0, t("settings.check_tax"), t("settings.check_tax_not", { rates: missing.map((rate) => t("settings.rate", { rate })).join(", ") })),
      { good: true, words: t("settings.check_currencies", { currencies: options.currencies.join(", ") || connection.home_currency }) },
      ...approves,
      ...(problems.length ? [{ good: false, words: t("settings.check_problems", { count: problems.length }) }] : []),
    ];
  } catch (error) {
    return [{ good: false, words: `${t("settings.check_reach_not")}: ${sayError(error)}` }];
  }
}

const finding = (good: boolean, yes: string, no: string): Finding => ({ good, words: good ? yes : no });
