// Which field a problem blames.

import type { Fact } from "../api/types";
import { sayFact } from "../i18n/problems";

/** The words for the first problem that blames one of these fields and stops; warnings stand with the totals. */
export function blame(facts: Fact[], ...fields: string[]): string | undefined {
  const found = facts.find((fact) => fact.severity === "stop" && fact.fields.some((field) => fields.includes(field)));
  return found && sayFact(found);
}

const SHOWN_AT_FIELDS = [/^\/customer$/, /^\/issued_on$/, /^\/due_on$/, /^\/term$/, /^\/currency$/, /^\/number$/, /^\/details\//, /^\/lines\/\d+\/(item|tax_code|quantity|unit_price|description|discount)$/];

/** Whether a problem has words beside the field that it blames; all others are told with the totals. */
export const standsAtField = (fact: Fact): boolean => fact.severity === "stop" && fact.fields.some((field) => SHOWN_AT_FIELDS.some((shape) => shape.test(field)));
