import { expect, test } from "vitest";
import type { Proposal } from "../src/api/types";
import { afterwards, begun, choose, discarded, groupOf, merged, pending, wishOf, type Row } from "../src/settings/matching";

const entry = (id: string) => ({ id, name: `Item ${id}`, mark: "" });
const proposal = (key: string, certainty: Proposal["certainty"], ...ids: string[]): Proposal => ({ key, name: `Product ${key}`, mark: "", linked: null, certainty, reason: "name", proposals: ids.map(entry) });
const rows = (): Row[] => merged([], [proposal("1", "sure", "a"), proposal("2", "unsure", "b", "c"), { ...proposal("3", "sure", "d"), linked: { id: "e", name: "Item e" } }, proposal("4", "none")]);
const row = (all: Row[], key: string) => all.find((each) => each.key === key);

test("only what is sure and not linked is chosen without being asked", () => {
  expect(pending(rows()).map(wishOf)).toEqual([{ key: "1", entry: "a", over: null }]);
  expect(rows().map(groupOf)).toEqual(["sure", "unsure", "linked", "none"]);
});

test("a link that is there is replaced only when a person chooses another, and says what it replaces", () => {
  const changed = choose(rows(), "3", { id: "d", name: "Item d" });
  expect(pending(changed).map(wishOf)).toContainEqual({ key: "3", entry: "d", over: "e" });
  expect(pending(discarded(changed))).toEqual([]);
});

test("a row that comes again is taken where it knows more, and never over a person's choice", () => {
  const better = [proposal("2", "sure", "z")];
  expect(row(merged(rows(), better), "2")?.chosen?.id).toBe("z");
  expect(row(merged(choose(rows(), "2", null), better), "2")?.chosen).toBeNull();
  expect(row(merged(rows(), [proposal("1", "unsure", "y")]), "1")?.chosen?.id).toBe("a");
  expect(merged(rows(), better)).toHaveLength(4);
});

test("after applying, what was linked is linked, and what was not shows why", () => {
  const chosen = choose(choose(rows(), "2", { id: "b", name: "Item b" }), "4", { id: "gone", name: "Gone" });
  const after = afterwards(chosen, { linked: ["1"], kept: [{ key: "2", linked: { id: "x", name: "Item x" } }], missing: ["4"] });
  expect(row(after, "1")).toMatchObject({ linked: { id: "a" }, said: null });
  expect(row(after, "2")).toMatchObject({ linked: { id: "x" }, chosen: { id: "x" }, said: "kept" });
  expect(row(after, "4")).toMatchObject({ linked: null, chosen: null, said: "missing" });
  expect(pending(after)).toEqual([]);
});

test("a proposal without entries chooses nothing", () => {
  expect(begun(proposal("9", "none")).chosen).toBeNull();
});
