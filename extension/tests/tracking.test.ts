import { expect, test } from "vitest";
import type { Prefill } from "../src/api/types";
import { openForm } from "../src/create/form";
import { optionIn, ownOption, trackInvoice, trackLine } from "../src/create/tracking";

const prefill = { basis: "1", customer: null, draft: { tracking: [], lines: [{ tracking: [] }, { tracking: [] }] } } as unknown as Prefill;
const form = () => openForm(prefill, "key-1");
const line = (each: ReturnType<typeof form>, index: number) => each.draft.lines[index] ?? (() => { throw new Error("no such line"); })();

test("the invoice has one option in each category, and none where it is taken out", () => {
  const both = trackInvoice(trackInvoice(trackInvoice(form(), "region", "north"), "campaign", "spring"), "region", "south");
  expect(both.draft.tracking).toEqual([{ category_id: "campaign", option_id: "spring" }, { category_id: "region", option_id: "south" }]);
  expect(trackInvoice(both, "region", "").draft.tracking).toEqual([{ category_id: "campaign", option_id: "spring" }]);
});

test("a line that says otherwise in one category keeps the invoice's choice in the others", () => {
  const own = trackLine(trackInvoice(trackInvoice(form(), "region", "north"), "campaign", "spring"), 0, "region", "south");
  expect(optionIn(line(own, 0).tracking, "campaign")).toBe("spring");
  expect([ownOption(own, line(own, 0), "region"), ownOption(own, line(own, 0), "campaign"), ownOption(own, line(own, 1), "region")]).toEqual(["south", "", ""]);
  const moved = trackInvoice(own, "campaign", "autumn");
  expect([optionIn(line(moved, 0).tracking, "campaign"), optionIn(line(moved, 0).tracking, "region")]).toEqual(["autumn", "south"]);
});

test("a line that goes with the invoice again names nothing itself", () => {
  const own = trackLine(trackInvoice(form(), "region", "north"), 0, "region", "south");
  expect(line(trackLine(own, 0, "region", ""), 0).tracking).toEqual([]);
});
