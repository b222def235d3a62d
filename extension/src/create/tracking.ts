// What invoice and lines are sorted by, where the organisation uses categories: one option in each.

import type { Draft, Line } from "../api/types";
import { edit, editLine, type Form } from "./form";

type Chosen = Draft["tracking"];

export const optionIn = (chosen: Chosen | undefined, category: string): string => chosen?.find((each) => each.category_id === category)?.option_id ?? "";

/** The choice with another option in one category; "" takes it out. */
function withOption(chosen: Chosen | undefined, category: string, option: string): NonNullable<Chosen> {
  const others = (chosen ?? []).filter((each) => each.category_id !== category);
  return option ? [...others, { category_id: category, option_id: option }] : others;
}

const isSame = (one: Chosen, other: Chosen): boolean => {
  const named = (each: Chosen) => (each ?? []).map(({ category_id, option_id }) => `${category_id}/${option_id}`).sort().join();
  return named(one) === named(other);
};

/** Lines that went with the invoice in this category go with it still. */
export function trackInvoice(form: Form, category: string, option: string): Form {
  const before = optionIn(form.draft.tracking, category);
  const lines = form.draft.lines.map((line) => (
    line.tracking?.length && optionIn(line.tracking, category) === before ? { ...line, tracking: withOption(line.tracking, category, option) } : line));
  return edit(form, { tracking: withOption(form.draft.tracking, category, option), lines });
}

/** What a line has chosen otherwise than its invoice in this category; "" where it goes with the invoice. */
export function ownOption(form: Form, line: Line, category: string): string {
  const own = optionIn(line.tracking, category);
  return line.tracking?.length && own !== optionIn(form.draft.tracking, category) ? own : "";
}

/** The books take a line's own choices instead of the invoice's, all or none: so it gets those of the invoice as well. */
export function trackLine(form: Form, index: number, category: string, option: string): Form {
  const { tracking, lines } = form.draft;
  const own = lines[index]?.tracking;
  const chosen = withOption(own?.length ? own : tracking, category, option || optionIn(tracking, category));
  return editLine(form, index, { tracking: isSame(chosen, tracking) ? [] : chosen });
}
