import { expect, test } from "vitest";
import { NoAnswer, Problem } from "../src/api/client";
import { failureOf } from "../src/logic/failure";
import { dayOf, daysUntil, formats, share } from "../src/logic/format";
import { poll } from "../src/logic/poll";
import { statusKey } from "../src/logic/status";
import { guessed, languageOf, localeOf } from "../src/i18n/languages";
import { surroundings } from "../src/surroundings";
import { within } from "../src/panel/useHeight";
import { HandClock } from "./clock";

test("money keeps every digit that the server sent", () => {
  expect(formats("en-GB").money({ amount: "90071992547409.93", currency: "GBP" })).toBe("£90,071,992,547,409.93");
  expect(formats("en-GB").money({ amount: "1200", currency: "JPY" })).toBe("JP¥1,200");
});

test("money and dates look as the language writes them", () => {
  expect(formats("pl").money({ amount: "12500.50", currency: "PLN" }).replace(/\s/g, " ")).toBe("12 500,50 zł");
  expect(formats("fr").day("2026-03-13")).toBe("13 mars 2026");
});

test("a day is the same day in every time zone", () => {
  expect(formats("en-GB").day("2026-12-31")).toBe("31 Dec 2026");
  expect(daysUntil("2026-03-30", "2026-03-28")).toBe(2);
  expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
});

test("an age is told in words, and never lies in the future", () => {
  const now = new Date("2026-03-13T12:00:00Z");
  expect(formats("en").ago("2026-03-13T09:00:00Z", now)).toBe("3 hours ago");
  expect(formats("en").ago("2026-03-12T11:00:00Z", now)).toBe("yesterday");
  expect(formats("en").ago("2026-03-13T12:03:00Z", now)).toBe("this minute");
});

test("a bar is never longer than the whole", () => {
  expect([share("5", "10"), share("15", "10"), share("1", "0"), share("-1", "10")]).toEqual([0.5, 1, 0, 0]);
});

test("the language is one of ours, and English where we do not speak it", () => {
  expect(["pt", "pt_PT", "PL", "fr-CA", "de", "", null].map(languageOf)).toEqual(["pt-BR", "pt-BR", "pl", "fr", "en", "en", "en"]);
  expect(localeOf("en", ["de-DE", "en-GB"])).toBe("en-GB");
  expect(localeOf("pl", ["en-GB"])).toBe("pl");
  expect(localeOf("en", ["de-DE"])).toBe("en");
  expect(guessed({ getItem: () => "fi" }, ["pl"])).toBe("fi");
  expect(guessed(null, ["pl-PL"])).toBe("pl");
});

test("what is open awaits payment in one kind of books", () => {
  expect(statusKey("open", "quickbooks")).toBe("status.open");
  expect(statusKey("open", "xero")).toBe("status.awaiting_payment");
  expect(statusKey("paid", "xero")).toBe("status.paid");
});

test("an address chooses a deal, and whatever is no deal's id is none", () => {
  expect(surroundings("?resource=deal&selectedIds=3&theme=dark&data=%7B%22view%22%3A%22create%22%2C%22n%22%3A1%7D")).toEqual({ who: "/", deal: 3, theme: "dark", data: { view: "create" } });
  expect(surroundings("?companyId=8&userId=1&data=%7B%22deal%22%3A%227%22%7D")).toMatchObject({ who: "8/1", deal: 7 });
  for (const query of ["", "?resource=person&selectedIds=3", "?resource=deal&selectedIds=1,2", "?resource=deal&selectedIds=../settings", "?resource=deal&selectedIds=0"]) expect(surroundings(query).deal).toBeNull();
  expect(surroundings("?data=[").data).toEqual({});
});

test("a failure becomes one of the designed states", () => {
  expect(failureOf(new NoAnswer()).kind).toBe("no_answer");
  expect(failureOf(new Problem(409, { code: "not_connected" })).kind).toBe("not_connected");
  expect(failureOf(new Problem(403, { code: "not_allowed", values: { manager: "Ada" } }))).toEqual({ kind: "not_allowed", manager: "Ada", admin: false });
  expect(failureOf(new Problem(404, { code: "deal_not_found" })).kind).toBe("hidden");
  expect(failureOf(new Problem(500, {})).kind).toBe("other");
});

test("a panel's height stays within what Pipedrive takes", () => {
  expect([within(20), within(300.2), within(9000)]).toEqual([100, 301, 750]);
});

test("polling slows down, survives failures and ends when it is over", async () => {
  const clock = new HandClock();
  const asked: number[] = [];
  poll(() => {
    asked.push(clock.now);
    if (asked.length === 2) return Promise.reject(new Error("offline"));
    return Promise.resolve(asked.length < 4 ? "again" : "over");
  }, clock);
  await clock.pass(600_000);
  expect(asked).toEqual([1500, 3750, 7125, 12187.5]);
});

test("polling that is stopped asks no more", async () => {
  const clock = new HandClock();
  let asked = 0;
  const stop = poll(() => { asked += 1; return Promise.resolve("again"); }, clock);
  await clock.pass(2_000);
  stop();
  await clock.pass(600_000);
  expect(asked).toBe(1);
});
