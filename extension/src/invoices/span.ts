// The time frames that can be chosen, as days.

export const SPANS = ["last_12", "last_3", "this_year", "all_time"] as const;
export type Span = (typeof SPANS)[number];

/** The first day of a frame that ends today (YYYY-MM-DD). */
export function since(span: Span, today: string): string {
  const [year = 0, month = 1, day = 1] = today.split("-").map(Number);
  switch (span) {
    case "last_3":
      return back(year, month - 3, day);
    case "last_12":
      return back(year - 1, month, day);
    case "this_year":
      return `${year}-01-01`;
    case "all_time":
      return back(year - 10, month, day);
  }
}

function back(year: number, month: number, day: number): string {
  // The last day of a shorter month stands for days that it does not have.
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1, Math.min(day, last))).toISOString().slice(0, 10);
}
