// A look at everything that invoicing with these books needs, in words. The server asks and writes nothing.

import type { Api } from "../api/client";
import type { Connection, ServerFinding } from "../api/types";
import { format, found, t } from "../i18n";
import { sayError, sayFact } from "../i18n/problems";

export interface Finding {
  state: ServerFinding["state"];
  words: string;
}

export async function check(api: Api, connection: Connection): Promise<Finding[]> {
  try {
    const findings = await api.get("/connections/{connection_id}/check", { path: { connection_id: connection.id } });
    return findings.map((each) => ({ state: each.state, words: wordsOf(each) }));
  } catch (error) {
    return [{ state: "bad", words: sayError(error) }];
  }
}

/** What stands in a finding's values as codes, times and rates is said as a person reads it. */
export function wordsOf({ code, values }: Pick<ServerFinding, "code" | "values">): string {
  const said: Record<string, string> = { ...values };
  if (said["at"]) said["at"] = format().moment(said["at"]);
  if (said["rates"]) said["rates"] = said["rates"].split(", ").map((rate) => t("settings.rate", { rate })).join(", ");
  if (said["message"] && said["code"]) said["message"] = sayFact({ code: said["code"], message: said["message"] });
  return found(`finding.${code}`, said) ?? code;
}
