// What the address of a frame says. Anybody can write an address: it chooses what is asked for, never what is allowed.

import type { Theme } from "./host";

export interface Surroundings {
  /** Company and person as the address has them: a name for what is kept in this tab, and proof of nothing. */
  who: string;
  deal: number | null;
  theme: Theme;
  data: Record<string, string>;
}

export function surroundings(search: string): Surroundings {
  const query = new URLSearchParams(search);
  const data = texts(query.get("data"));
  const selected = (query.get("resource") === "deal" ? query.get("selectedIds") : null) ?? data["deal"] ?? "";
  return {
    who: `${query.get("companyId") ?? ""}/${query.get("userId") ?? ""}`,
    deal: /^[1-9]\d{0,15}$/.test(selected) ? Number(selected) : null,
    theme: query.get("theme") === "dark" ? "dark" : "light",
    data,
  };
}

function texts(json: string | null): Record<string, string> {
  try {
    const read: unknown = JSON.parse(json ?? "{}");
    if (typeof read !== "object" || read === null) return {};
    return Object.fromEntries(Object.entries(read).filter((pair): pair is [string, string] => typeof pair[1] === "string"));
  } catch {
    return {};
  }
}
