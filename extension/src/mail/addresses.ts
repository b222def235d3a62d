// E-mail addresses as a person types them: several in one field, with commas, semicolons or spaces between.

import type { MailTerms } from "../api/types";

const ADDRESS = /^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+$/; // what the API takes
export const MOST = 5;

export interface Receivers {
  to: string;
  cc: string;
  bcc: string;
}

export const receiversOf = ({ to, cc, bcc }: Pick<MailTerms, "to" | "cc" | "bcc">): Receivers => ({ to: to.join(", "), cc: cc.join(", "), bcc: bcc.join(", ") });

export const addressesIn = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

export type Wrong = { kind: "invalid"; address: string } | { kind: "too_many" } | { kind: "missing" };

/** What is wrong with a field, null where nothing is. */
export function wrongIn(text: string, most: number, required = false): Wrong | null {
  const given = addressesIn(text);
  const invalid = given.find((address) => !ADDRESS.test(address));
  if (invalid !== undefined) return { kind: "invalid", address: invalid };
  if (given.length > most) return { kind: "too_many" };
  return required && given.length === 0 ? { kind: "missing" } : null;
}

export interface Mail {
  to: string | null;
  cc: string[] | null;
  bcc: string[] | null;
}

/** What is sent of the fields: null where the books' own stands, so that nothing is written there for it. */
export function mailOf(typed: Receivers, books: Receivers): Mail {
  const changed = (field: keyof Receivers) => addressesIn(typed[field]).join() !== addressesIn(books[field]).join();
  return {
    to: changed("to") ? (addressesIn(typed.to)[0] ?? null) : null,
    cc: changed("cc") ? addressesIn(typed.cc) : null,
    bcc: changed("bcc") ? addressesIn(typed.bcc) : null,
  };
}
