// Money, dates and spans of time as a person reads them.

export interface Amount {
  amount: string;
  currency: string;
}

export interface Formats {
  money: (value: Amount) => string;
  number: (value: string | number) => string;
  percent: (value: number) => string;
  day: (date: string) => string;
  moment: (time: string) => string;
  ago: (time: string, now: Date) => string;
}

const DAY = 86_400_000;

export function formats(locale: string): Formats {
  const spans = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  return {
    // Intl takes the decimal text as it is: no cent passes through a binary fraction.
    money: ({ amount, currency }) => new Intl.NumberFormat(locale, { style: "currency", currency }).format(amount as Intl.StringNumericLiteral),
    number: (value) => numbers.format(value as Intl.StringNumericLiteral),
    percent: (value) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(value),
    day: (date) => days.format(new Date(`${date}T00:00:00Z`)),
    moment: (time) => moments.format(new Date(time)),
    ago(time, now) {
      const seconds = Math.round((new Date(time).getTime() - now.getTime()) / 1000);
      const [size, unit] = ([[86_400, "day"], [3600, "hour"], [60, "minute"]] as const).find(([each]) => Math.abs(seconds) >= each) ?? [60, "minute"];
      return spans.format(Math.min(Math.round(seconds / size), 0), unit);
    },
  };
}

/** Days from `today` until `date`, both YYYY-MM-DD; negative when it is past. */
export const daysUntil = (date: string, today: string): number => Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / DAY);

/** The calendar day of a moment where the person sits. */
export function dayOf(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Part of a whole between 0 and 1; 0 where there is no whole. Only for bars: sums come from the server. */
export function share(part: string, whole: string): number {
  const [some, all] = [Number(part), Number(whole)];
  return all > 0 && some > 0 ? Math.min(some / all, 1) : 0;
}
