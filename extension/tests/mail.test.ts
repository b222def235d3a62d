import { expect, test } from "vitest";
import { addressesIn, mailOf, MOST, receiversOf, wrongIn } from "../src/mail/addresses";

test("several addresses may stand in one field, however they are parted", () => {
  expect(addressesIn(" a@x.eu, b@x.eu;c@x.eu\nd@x.eu ,")).toEqual(["a@x.eu", "b@x.eu", "c@x.eu", "d@x.eu"]);
  expect(addressesIn("  ")).toEqual([]);
});

test("what is no address is named, and too many are too many", () => {
  expect(wrongIn("a@x.eu, ada@", MOST)).toEqual({ kind: "invalid", address: "ada@" });
  expect(wrongIn("a@x.eu b@x.eu", 1)).toEqual({ kind: "too_many" });
  expect(wrongIn("", 1, true)).toEqual({ kind: "missing" });
  expect(wrongIn("", MOST)).toBeNull();
  expect(wrongIn("Ada <a@x.eu>", MOST)).toMatchObject({ kind: "invalid" });
});

test("what was left as the books have it is not sent, and what was emptied is", () => {
  const books = receiversOf({ to: ["a@x.eu"], cc: ["b@x.eu", "c@x.eu"], bcc: [] });
  expect(mailOf(books, books)).toEqual({ to: null, cc: null, bcc: null });
  expect(mailOf({ to: "z@x.eu", cc: "", bcc: "d@x.eu" }, books)).toEqual({ to: "z@x.eu", cc: [], bcc: ["d@x.eu"] });
  expect(mailOf({ ...books, cc: "b@x.eu;c@x.eu" }, books).cc).toBeNull();
});
