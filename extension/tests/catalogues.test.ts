import { expect, test } from "vitest";
import { faults, flat, readCatalogues } from "../build/catalogues.mjs";

const source = { "due.in_one": "in {{count}} day", "due.in_other": "in {{count}} days", "common.save": "Save {{what}}" };

test("a language with every key, plural and value has no fault", () => {
  const polish = { "due.in_one": "za {{count}} dzień", "due.in_few": "za {{count}} dni", "due.in_many": "za {{count}} dni", "due.in_other": "za {{count}} dnia", "common.save": "Zapisz {{what}}" };
  expect(faults("pl", source, polish)).toEqual([]);
});

test("a missing key, an empty one, a forgotten value and a stranger are faults", () => {
  const finnish = { "due.in_one": "", "due.in_other": "{{count}} päivää", "common.save": "Tallenna", "common.extra": "x" };
  expect(faults("fi", source, finnish)).toEqual(["fi: due.in_one is empty", "fi: common.save uses other values than English", "fi: common.extra is not in English"]);
  expect(faults("fi", source, {})).toHaveLength(3);
});

test("each plural of a language is asked for, and none that it does not have", () => {
  expect(faults("pl", source, source)).toContain("pl: due.in_few is missing");
  expect(faults("id", source, source)).toContain("id: due.in_one is not in English");
});

test("nested texts become dotted keys", () => {
  expect(flat({ a: { b: "x" }, c: "y" })).toEqual({ "a.b": "x", c: "y" });
});

test("our own catalogues have no fault", () => {
  const said = readCatalogues(new URL("../src/locales", import.meta.url).pathname).flatMap(({ language, files }) => files.flatMap(({ source, texts }) => faults(language, source, texts)));
  expect(said).toEqual([]);
});
