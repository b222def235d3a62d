// What was changed and is not saved yet, part by part.

/** Whether two settings say the same, whatever the order of their keys. */
export const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const pairs = Object.entries(value).filter(([, each]) => each !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}

/** The tax codes to save: what was chosen, without the rates that have none. */
export function withTaxCode(codes: Record<string, string>, rate: string, code: string): Record<string, string> {
  const rest = Object.fromEntries(Object.entries(codes).filter(([each]) => each !== rate));
  return code ? { ...rest, [rate]: code } : rest;
}

/** Every rate without a code gets the suggested one, where there is any. */
export const withSuggestions = (codes: Record<string, string>, suggested: Record<string, string>): Record<string, string> => ({ ...suggested, ...codes });

type Tracked = { category_id: string; option_id: string }[];

/** The option chosen in a category; empty where none is. */
export const trackedBy = (tracking: Tracked, category: string): string => tracking.find((each) => each.category_id === category)?.option_id ?? "";

/** The tracking with another option in one category; an empty one takes the category out. */
export function withTracking(tracking: Tracked, category: string, option: string): Tracked {
  const rest = tracking.filter((each) => each.category_id !== category);
  return option ? [...rest, { category_id: category, option_id: option }] : rest;
}
