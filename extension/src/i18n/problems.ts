// A problem in the person's language: by its code where the catalogue knows it, else in the server's own sentence.

import { NoAnswer, Problem } from "../api/client";
import { found, t } from ".";

export interface Said {
  code: string;
  message: string;
  values?: Record<string, string>;
}

export const sayFact = ({ code, message, values = {} }: Said): string => {
  const words = found(`problem.${code}`, values);
  // A catalogue's sentence that names a value which this problem does not bring would show a gap.
  return words === null || words.includes("{{") ? message : words;
};

export function sayError(error: unknown): string {
  if (error instanceof NoAnswer) return t("common.no_answer");
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  const sentence = sayFact(error);
  const later = error.retryAfter ? ` ${t("common.retry_in", { count: error.retryAfter })}` : "";
  const reference = error.reference ? ` (${t("common.reference", { reference: error.reference })})` : "";
  return `${sentence}${later}${reference}`;
}
