import { expect, test } from "vitest";
import { addressOf, NoAnswer, openApi, Problem } from "../src/api/client";

const answering = (status: number, body: string, headers: Record<string, string> = {}) => {
  const sent: { address: string; request: RequestInit }[] = [];
  let tokens = 0;
  const fetcher = ((address: string, request: RequestInit) => {
    sent.push({ address, request });
    return Promise.resolve(new Response(body || null, { status, headers }));
  }) as typeof fetch;
  return { sent, api: openApi(() => Promise.resolve(`token-${++tokens}`), fetcher) };
};

test("every call brings a fresh token and no cookie", async () => {
  const { api, sent } = answering(200, "{}");
  await api.get("/deals/{deal_id}/invoices", { path: { deal_id: 7 } });
  await api.get("/connections");
  expect(sent.map(({ request }) => (request.headers as Record<string, string>)["authorization"])).toEqual(["Bearer token-1", "Bearer token-2"]);
  expect(sent.map(({ request }) => request.credentials)).toEqual(["omit", "omit"]);
});

test("ids and questions cannot leave their place in an address", () => {
  expect(addressOf("/connections/{connection_id}/customers", { connection_id: "a/b?c" }, { query: "x&y=z", none: null })).toBe("/connections/a%2Fb%3Fc/customers?query=x%26y%3Dz");
  expect(() => addressOf("/deals/{deal_id}", {})).toThrow("lacks deal_id");
});

test("a problem document becomes a problem with its code, values and patience", async () => {
  const { api } = answering(412, JSON.stringify({ code: "deal_changed", detail: "Invoiced meanwhile.", values: { number: "7" }, problems: [] }), { "retry-after": "12" });
  const problem = await api.get("/connections").catch((error: unknown) => error) as Problem;
  expect(problem).toBeInstanceOf(Problem);
  expect([problem.status, problem.code, problem.message, problem.values, problem.retryAfter]).toEqual([412, "deal_changed", "Invoiced meanwhile.", { number: "7" }, 12]);
});

test("API Gateway's own refusal is a problem, too", async () => {
  const { api } = answering(429, JSON.stringify({ message: "Too Many Requests" }));
  const problem = await api.get("/connections").catch((error: unknown) => error) as Problem;
  expect(problem.code).toBe("limit_reached");
});

test("a broken line and a page of a proxy are no answer, for something may have been done", async () => {
  const broken = openApi(() => Promise.resolve("t"), () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(broken.get("/connections")).rejects.toBeInstanceOf(NoAnswer);
  await expect(answering(502, "<html>").api.get("/connections")).rejects.toBeInstanceOf(NoAnswer);
});
