import { expect, test } from "vitest";
import type { ConnectionList } from "../src/api/types";
import { newlyConnected } from "../src/settings/connect";
import { same, trackedBy, withSuggestions, withTaxCode, withTracking } from "../src/settings/unsaved";

test("settings are the same whatever the order of their keys, and differ by any value", () => {
  expect(same({ a: 1, b: { c: [1, 2], d: undefined } }, { b: { c: [1, 2] }, a: 1 })).toBe(true);
  expect(same({ a: null }, { a: "" })).toBe(false);
  expect(same({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
});

test("a rate without a code is no entry, and suggestions never replace what was chosen", () => {
  expect(withTaxCode({ "20": "S", "5": "R" }, "5", "")).toEqual({ "20": "S" });
  expect(withTaxCode({}, "5", "R")).toEqual({ "5": "R" });
  expect(withSuggestions({ "20": "own" }, { "20": "S", "5": "R" })).toEqual({ "20": "own", "5": "R" });
});

test("books are new when they work now and did not, or were connected again", () => {
  const list = (...connections: [string, string, string][]) => ({ connections: connections.map(([id, health, connected_at]) => ({ id, health, connected_at, name: `Books ${id}` })) }) as unknown as ConnectionList;
  const before = list(["1", "active", "monday"], ["2", "reconnect", "monday"]);
  expect(newlyConnected(before, before)).toEqual([]);
  expect(newlyConnected(before, list(["1", "active", "monday"], ["2", "active", "monday"], ["3", "active", "friday"]))).toEqual(["Books 2", "Books 3"]);
  expect(newlyConnected(before, list(["1", "active", "friday"]))).toEqual(["Books 1"]);
  expect(newlyConnected(before, list(["3", "disconnected", "friday"]))).toEqual([]);
});

test("tracking has at most one option in each category", () => {
  const chosen = withTracking([{ category_id: "a", option_id: "1" }], "b", "2");
  expect(chosen).toHaveLength(2);
  expect(trackedBy(withTracking(chosen, "a", "3"), "a")).toBe("3");
  expect(withTracking(chosen, "a", "")).toEqual([{ category_id: "b", option_id: "2" }]);
});
