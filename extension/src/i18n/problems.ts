// What the server says, in the person's language: by its code where the catalogue knows it, else in the server's own sentence.

import { NoAnswer, Problem } from "../api/client";
import { found, t, type Values } from ".";

export interface Said {
  code: string;
  message: string;
  values?: Values;
}

/** A refusal of the books that has no words of its own: it is told that they refused, and what they said. */
const REFUSED = /^quickbooks_/;

export const sayFact = (said: Said): string => words("problem", REFUSED.test(said.code) ? { ...said, code: "refused_by_books" } : said);

/** What the server says beside an answer, as that some books could not be asked. */
export const sayNotice = (said: Said): string => words("notice", said);

/** How the books send e-mails, as they say it. */
export const sayAboutMail = (said: Said): string => words("mail", said);

function words(branch: string, { code, message, values = {} }: Said): string {
  const told = found(`${branch}.${code}`, { ...values, message });
  // A catalogue's sentence that names a value which this one does not bring would show a gap.
  return told === null || told.includes("{{") ? message : told;
}

export function sayError(error: unknown): string {
  if (error instanceof NoAnswer) return t("common.no_answer");
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  const { said } = error.values;
  return [
    sayFact(error),
    said ? found("problem.books_say", { said }) : null,
    error.retryAfter ? t("common.retry_in", { count: error.retryAfter }) : null,
    error.reference ? `(${t("common.reference", { reference: error.reference })})` : null,
  ].filter(Boolean).join(" ");
}
