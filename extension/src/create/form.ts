// The form of one invoice: what the person has made of the prefilled draft, and the key of this one wish.

import type { Customer, Draft, Item, Line, Prefill } from "../api/types";

export interface Form {
  /** Made when the form opens, sent with every press of it: one form, one invoice. */
  key: string;
  basis: string;
  draft: Draft;
  prefill: Prefill;
  customer: Customer | null;
  touched: boolean;
}

export const openForm = (prefill: Prefill, key: string): Form => ({ key, basis: prefill.basis, draft: prefill.draft, prefill, customer: prefill.customer, touched: false });

/** The name of the books that the draft is for. */
export const booksOf = ({ draft, prefill }: Form): string => prefill.books.find((each) => each.id === draft.connection_id)?.name ?? "";

export const edit = (form: Form, change: Partial<Draft>): Form => ({ ...form, touched: true, draft: { ...form.draft, ...change } });

export const editLine = (form: Form, index: number, change: Partial<Line>): Form =>
  edit(form, { lines: form.draft.lines.map((line, at) => (at === index ? { ...line, ...change } : line)) });

export const removeLine = (form: Form, index: number): Form => edit(form, { lines: form.draft.lines.filter((_, at) => at !== index) });

export function moveLine(form: Form, index: number, by: -1 | 1): Form {
  const lines = [...form.draft.lines];
  const [one, other] = [lines[index], lines[index + by]];
  if (!one || !other) return form;
  lines[index] = other;
  lines[index + by] = one;
  return edit(form, { lines });
}

/** A line more, taxed as the first one is. */
export function addLine(form: Form): Form {
  const like = form.draft.lines[0];
  const line: Line = {
    description: "", quantity: "1", unit_price: "0", discount: null, product_id: null, item_id: null, item_name: "", new_item: null,
    tax_rate: like?.tax_rate ?? null, tax_code: like?.tax_code ?? null, tracking: [],
  };
  return edit(form, { lines: [...form.draft.lines, line] });
}

export const takeCustomer = (form: Form, customer: Customer | null): Form => ({ ...edit(form, { customer_id: customer?.id ?? null, create_customer: false }), customer });

export const newCustomer = (form: Form): Form => ({ ...edit(form, { customer_id: null, create_customer: true }), customer: null });

export const takeItem = (item: Item): Partial<Line> => ({ item_id: item.id, item_name: item.name, new_item: null });

export const isLinked = (line: Line): boolean => Boolean(line.item_id) || Boolean(line.new_item);

/** The item that was suggested for a line: lines move, so it is found by the line's product. */
export function suggestionFor(form: Form, line: Line): Item | null {
  if (isLinked(line) || !line.product_id) return null;
  const first = form.prefill.item_suggestions.find((each) => form.prefill.draft.lines[each.line]?.product_id === line.product_id);
  return first?.item ?? null;
}

/** Every unlinked line with a suggestion gets it. */
export const takeSuggestions = (form: Form): Form =>
  edit(form, { lines: form.draft.lines.map((line) => { const item = suggestionFor(form, line); return item ? { ...line, ...takeItem(item) } : line; }) });

export function newItem(line: Line, typed: string): Partial<Line> {
  const name = (typed.trim() || line.description.split("\n")[0]?.trim() || "").slice(0, 100);
  return { item_id: null, item_name: "", new_item: { name, code: "", description: line.description, unit_price: line.unit_price, income_account: null } };
}

/** What a person typed as a number, as the API wants it: a point for the decimals, no spaces. Null where it is none. */
export function typedNumber(text: string): string | null {
  const plain = text.replace(/[\s\u00a0\u202f']/g, "");
  const both = plain.includes(",") && plain.includes(".");
  const decimal = both ? (plain.lastIndexOf(",") > plain.lastIndexOf(".") ? "," : ".") : plain.includes(",") ? "," : ".";
  const cleaned = both ? plain.replaceAll(decimal === "," ? "." : ",", "").replace(decimal, ".") : plain.replace(",", ".");
  return /^-?\d{1,15}(\.\d{0,10})?$/.test(cleaned) ? cleaned.replace(/\.$/, "") : null;
}
