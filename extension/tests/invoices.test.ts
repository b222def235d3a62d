import { expect, test } from "vitest";
import { csv } from "../src/invoices/csv";
import { since } from "../src/invoices/span";

test("a table is quoted where it must be, and no cell is a formula", () => {
  const table = csv([["1004", 'Larkspur "Gardens", Ltd'], ["=HYPERLINK(1)", "-12.50"], ["@x", "+1"]]);
  expect(table).toBe('\ufeff1004,"Larkspur ""Gardens"", Ltd"\r\n\'=HYPERLINK(1),-12.50\r\n\'@x,\'+1\r\n');
});

test("a time frame begins on a day that exists", () => {
  expect(since("last_3", "2026-05-31")).toBe("2026-02-28");
  expect(since("last_3", "2026-02-10")).toBe("2025-11-10");
  expect(since("last_12", "2024-02-29")).toBe("2023-02-28");
  expect(since("this_year", "2026-07-01")).toBe("2026-01-01");
  expect(since("all_time", "2026-07-01")).toBe("2016-07-01");
});
