import { expect, test } from "vitest";
import { type Api, NoAnswer, Problem } from "../src/api/client";
import type { Intent, Item, Prefill } from "../src/api/types";
import { addLine, editLine, type Form, moveLine, newItem, openForm, removeLine, suggestionFor, takeCustomer, takeSuggestions, typedNumber } from "../src/create/form";
import { keeper } from "../src/create/keeping";
import { press } from "../src/create/press";
import { blame, standsAtField } from "../src/create/blame";

const item = { id: "7", name: "Consulting", code: "C", description: "", unit_price: null } satisfies Item;
const line = (description: string, product: number | null) => ({ description, quantity: "1", unit_price: "10", discount: null, product_id: product, item_id: null, item_name: "", new_item: null, tax_rate: "20", tax_code: "S", tracking: [] });
const prefill = {
  basis: "3", customer: null, item_suggestions: [{ line: 1, item }], draft: { connection_id: "c", currency: "GBP", lines: [line("a", 1), line("b", 2)], customer_id: null },
} as unknown as Prefill;
const form = (): Form => openForm(prefill, "key-1");
const names = (each: Form) => each.draft.lines.map(({ description }) => description);

test("lines move, go and come, and the form knows that it was touched", () => {
  expect(form().touched).toBe(false);
  expect(names(moveLine(form(), 0, 1))).toEqual(["b", "a"]);
  expect(moveLine(form(), 0, -1)).toEqual(form());
  expect(names(removeLine(form(), 0))).toEqual(["b"]);
  const added = addLine(form());
  expect(added.draft.lines[2]).toMatchObject({ description: "", quantity: "1", tax_rate: "20", tax_code: "S" });
  expect(added.touched).toBe(true);
  expect(form().draft.lines).toHaveLength(2);
});

test("a suggestion belongs to the line's product, wherever the line is now", () => {
  const moved = moveLine(form(), 0, 1);
  expect(moved.draft.lines.map((each) => suggestionFor(moved, each)?.id)).toEqual(["7", undefined]);
  const taken = takeSuggestions(moved);
  expect(taken.draft.lines.map(({ item_id }) => item_id)).toEqual(["7", null]);
  expect(taken.draft.lines.map((each) => suggestionFor(taken, each))).toEqual([null, null]);
});

test("a new item is named as typed, else as the line is", () => {
  const [first] = form().draft.lines;
  expect(first && newItem(first, " Fancy ").new_item?.name).toBe("Fancy");
  expect(first && newItem({ ...first, description: "First\nsecond" }, "").new_item?.name).toBe("First");
  expect(editLine(form(), 0, { item_id: "9" }).draft.lines[0]?.item_id).toBe("9");
  expect(takeCustomer(form(), null).draft).toMatchObject({ customer_id: null, create_customer: false });
});

test("numbers are read as people write them, and nothing else is a number", () => {
  const read = { "12.5": "12.5", "12,5": "12.5", "1 234,50": "1234.50", "1.234,50": "1234.50", "1,234.50": "1234.50", "-3": "-3", "5.": "5", "1'000.5": "1000.5" };
  expect(Object.keys(read).map(typedNumber)).toEqual(Object.values(read));
  for (const wrong of ["", "abc", "1e5", "1,2,3", "--1", "12.5.1", "Infinity"]) expect(typedNumber(wrong)).toBeNull();
});

test("a form is kept for one person and deal, and forgotten", () => {
  const store = new Map<string, string>();
  const storage = { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => void store.set(key, value), removeItem: (key: string) => void store.delete(key) };
  const mine = keeper(storage, "8/1", 5);
  mine.keep(form());
  expect(mine.kept()).toEqual(form());
  expect(keeper(storage, "8/2", 5).kept()).toBeNull();
  expect(keeper(storage, "8/1", 6).kept()).toBeNull();
  mine.forget();
  expect(mine.kept()).toBeNull();
  expect(keeper(null, "8/1", 5).kept()).toBeNull();
});

const intent = (state: Intent["state"]): Intent => ({ key: "key-1", state, connection_id: "c", invoice_id: null, refusal: state === "refused" ? { code: "books_refused", message: "No.", provider_reference: null } : null, needs_person: null, possible_duplicates: [], created_at: "", look_again_at: null });

function api(posted: () => unknown, asked: () => unknown = () => { throw new Problem(404, {}); }) {
  const sent: { headers?: Record<string, string> }[] = [];
  return {
    sent,
    api: {
      ask: (_: string, __: string, given: { headers?: Record<string, string> }) => { sent.push(given); return new Promise((answer) => { answer({ status: 201, data: posted() }); }); },
      get: () => new Promise((answer) => { answer(asked()); }),
    } as unknown as Api,
  };
}

test("a press sends the form's own key and basis", async () => {
  const { api: books, sent } = api(() => ({ invoice: { id: "9" }, intent: intent("made"), basis: "4" }));
  expect((await press(books, 5, form())).kind).toBe("made");
  expect(sent[0]?.headers).toEqual({ "idempotency-key": "key-1", "if-match": "3" });
});

test("where no answer came the server is asked what became of the wish", async () => {
  const lost = () => { throw new NoAnswer(); };
  expect((await press(api(lost, () => intent("being_created")).api, 5, form())).kind).toBe("followed");
  expect((await press(api(lost, () => intent("made")).api, 5, form())).kind).toBe("made");
  expect((await press(api(lost, lost).api, 5, form())).kind).toBe("unsent");
  expect((await press(api(lost).api, 5, form())).kind).toBe("unsent");
});

test("an error of the server is no refusal when the wish is under way", async () => {
  const broken = () => { throw new Problem(503, { code: "outcome_unknown" }); };
  expect((await press(api(broken, () => intent("needs_you")).api, 5, form())).kind).toBe("followed");
  expect(await press(api(broken).api, 5, form())).toMatchObject({ kind: "refused", newKey: false });
});

test("a deal that was invoiced meanwhile is asked about with its new basis, under the same key", async () => {
  const changed = () => { throw new Problem(412, { code: "deal_changed", values: { basis: "4" } }); };
  expect(await press(api(changed).api, 5, form())).toMatchObject({ kind: "changed", basis: "4" });
});

test("a key that is used up gives way to a new one; a mistake in the form keeps it", async () => {
  const refused = (status: number, values = {}) => press(api(() => { throw new Problem(status, { code: "x", values }); }).api, 5, form());
  expect(await refused(409)).toMatchObject({ kind: "refused", newKey: true });
  expect(await refused(422, { key: "key-1" })).toMatchObject({ kind: "refused", newKey: true });
  expect(await refused(422)).toMatchObject({ kind: "refused", newKey: false });
  const recorded = await press(api(() => ({ invoice: null, intent: intent("refused") })).api, 5, form());
  expect(recorded).toMatchObject({ kind: "refused", newKey: true });
});

test("a problem stands at the field that it blames, and elsewhere only where there is none", () => {
  const fact = (severity: string, ...fields: string[]) => ({ code: "x", message: "Choose.", severity, fields, values: {} });
  expect(standsAtField(fact("stop", "/lines/2/item"))).toBe(true);
  expect(standsAtField(fact("stop", "/lines"))).toBe(false);
  expect(standsAtField(fact("warn", "/due_on"))).toBe(false);
  expect(blame([fact("warn", "/due_on")], "/due_on")).toBeUndefined();
  expect(blame([fact("stop", "/due_on")], "/due_on")).toBe("Choose.");
});
