// Forget whom the deal's buyer is in the books: the next invoice asks anew.

import type { Api } from "../api/client";
import type { Panel } from "../api/types";
import type { Host } from "../host";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import type { Choice } from "../ui/parts";
import { learnProblems } from "./words";

/** One choice for each set of books that works, named where there are several. */
export function unlinkChoices(panel: Panel, api: Api, host: Host, deal: number): Choice[] {
  if (!panel.deal.rights.includes("create")) return [];
  const books = panel.books.filter((each) => each.health === "active");
  return books.map((each) => ({
    label: books.length > 1 ? `${t("panel.unlink")} (${each.name})` : t("panel.unlink"),
    choose: () => void unlink(each.id, api, host, deal),
  }));
}

async function unlink(connection: string, api: Api, host: Host, deal: number): Promise<void> {
  if (!(await host.ask({ title: t("panel.unlink_title"), description: t("panel.unlink_text"), ok: t("panel.unlink"), cancel: t("common.cancel") }))) return;
  try {
    await api.ask("delete", "/deals/{deal_id}/customer", { path: { deal_id: deal }, query: { connection_id: connection } });
    host.say(t("panel.unlinked"));
  } catch (error) {
    await learnProblems();
    host.say(sayError(error));
  }
}
