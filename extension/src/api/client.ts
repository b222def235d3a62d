// The one way to the API: a fresh token for each call, problems as exceptions, silence told apart from a refusal.

import type { Answer, Body, Fact, Method, Path } from "./types";

/** The API answered, and the answer is no. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly values: Record<string, string>;
  readonly facts: Fact[];
  /** What in the request is to blame, as JSON pointers. */
  readonly fields: string[];
  readonly retryAfter: number | null;
  readonly reference: string | null;

  constructor(status: number, document: Partial<Record<string, unknown>>, retryAfter: number | null = null) {
    super(text(document["detail"]) || text(document["message"]) || `HTTP ${status}`);
    this.status = status;
    this.code = text(document["code"]) || (status === 429 ? "limit_reached" : "internal_error");
    this.values = (document["values"] ?? {}) as Record<string, string>;
    this.facts = (document["problems"] ?? []) as Fact[];
    this.fields = (document["fields"] ?? []) as string[];
    this.retryAfter = retryAfter;
    this.reference = text(document["provider_reference"]) || null;
  }
}

/** No answer came, or none that is ours: what was asked for may have been done. */
export class NoAnswer extends Error {}

export interface Sent<P extends Path, M extends Method> {
  path?: Record<string, string | number>;
  query?: Record<string, string | number | null | undefined>;
  body?: Body<P, M>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answered<T> {
  status: number;
  data: T;
}

export interface Api {
  ask: <P extends Path, M extends Method>(method: M, path: P, sent?: Sent<P, M>) => Promise<Answered<Answer<P, M>>>;
  get: <P extends Path>(path: P, sent?: Sent<P, "get">) => Promise<Answer<P, "get">>;
  file: (path: string, ids: Record<string, string | number>) => Promise<Blob>;
}

export function openApi(token: () => Promise<string>, fetcher: typeof fetch = (...given) => fetch(...given)): Api {
  async function call(method: Method, address: string, sent: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal }) {
    const headers: Record<string, string> = { ...sent.headers, authorization: `Bearer ${await fresh()}` };
    if (sent.body !== undefined) headers["content-type"] = "application/json";
    const request: RequestInit = { method: method.toUpperCase(), headers, credentials: "omit" };
    if (sent.body !== undefined) request.body = JSON.stringify(sent.body);
    if (sent.signal) request.signal = sent.signal;
    try {
      return await fetcher(address, request);
    } catch (error) {
      if (sent.signal?.aborted) throw error;
      throw new NoAnswer("No answer came.");
    }
  }

  /** Pipedrive asks its own server for each token: without a connection none comes, and nothing was asked of the API. */
  async function fresh(): Promise<string> {
    try {
      return await token();
    } catch {
      throw new NoAnswer("No token came.");
    }
  }

  async function ask<P extends Path, M extends Method>(method: M, path: P, sent: Sent<P, M> = {}): Promise<Answered<Answer<P, M>>> {
    const answer = await call(method, addressOf(path, sent.path, sent.query), sent);
    const data = await read(answer);
    if (!answer.ok) throw problemOf(answer, data);
    return { status: answer.status, data: data as Answer<P, M> };
  }

  return {
    ask,
    get: async (path, sent = {}) => (await ask("get", path, sent)).data,
    async file(path, ids) {
      const answer = await call("get", addressOf(path, ids), {});
      if (!answer.ok) throw problemOf(answer, await read(answer));
      return answer.blob();
    },
  };
}

export function addressOf(path: string, ids: Record<string, string | number> = {}, query: Record<string, string | number | null | undefined> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined || id === "") throw new Error(`${path} lacks ${name}`);
    return encodeURIComponent(id);
  });
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `${filled}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}` : filled;
}

async function read(answer: Response): Promise<unknown> {
  try {
    return answer.status === 204 ? null : await answer.json();
  } catch {
    // A proxy's page, or a connection that broke in the middle: nobody knows what the API did.
    throw new NoAnswer("The answer could not be read.");
  }
}

function problemOf(answer: Response, document: unknown): Problem {
  const seconds = Number(answer.headers.get("retry-after"));
  return new Problem(answer.status, (document ?? {}), seconds > 0 ? seconds : null);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
