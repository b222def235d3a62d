// How a connection is, in words.

import type { Connection } from "../api/types";
import { format, found, t } from "../i18n";

/** What a person should know beyond that it works; null where it simply works. */
export function healthOf({ health, reason, consent_ends_at: ends }: Pick<Connection, "health" | "reason" | "consent_ends_at">): string | null {
  if (health === "disconnected") return t("settings.health_disconnected_text");
  // A reason of older times is a sentence already.
  if (health === "reconnect") return [t("settings.health_reconnect_text"), reason && (found(`why_ended.${reason}`) ?? reason)].filter(Boolean).join(" ");
  return ends ? t("settings.health_active_until", { date: format().day(ends.slice(0, 10)) }) : null;
}
