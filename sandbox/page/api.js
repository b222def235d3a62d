// The API as our pages in Pipedrive call it, and the sandbox's own controls beside it.

export class Problem extends Error {
  constructor(status, document) {
    super(document.detail ?? document.message ?? document.error ?? `The answer was ${status}.`);
    this.status = status;
    this.code = document.code ?? "";
    this.values = document.values ?? {};
    this.problems = document.problems ?? [];
  }
}

// No answer, or none that is ours: what was asked for may have been done.
export class Unknown extends Error {}

let people = [];

export async function loadPeople() {
  people = (await control("GET", "people")).users;
  return people;
}

export const everyone = () => people;

export function person() {
  const chosen = localStorage.getItem("person");
  return people.find((each) => String(each.user_id) === chosen) ?? people[0];
}

export const choose = (id) => localStorage.setItem("person", String(id));

export async function control(method, route, json) {
  const answer = await fetch(`/sandbox/${route}`, { method, body: json ? JSON.stringify(json) : undefined });
  const document = await answer.json();
  if (!answer.ok) throw new Problem(answer.status, document.Fault ? { detail: document.Fault.Error?.[0]?.Detail } : document);
  return document;
}

// Pipedrive's SDK hands out a token that is good for five minutes: a new one for each call.
async function token() {
  const who = person();
  return (await control("GET", `token?company_id=${who.company_id}&user_id=${who.user_id}`)).token;
}

export async function api(method, path, { json, headers = {} } = {}) {
  const sent = { authorization: `Bearer ${await token()}`, ...headers };
  if (json !== undefined) sent["content-type"] = "application/json";
  let answer, document;
  try {
    answer = await fetch(path, { method, headers: sent, body: json === undefined ? undefined : JSON.stringify(json) });
    document = answer.status === 204 ? null : await answer.json();
  } catch {
    throw new Unknown("No answer came.");
  }
  if (!answer.ok) throw new Problem(answer.status, document);
  return { status: answer.status, document };
}

export const read = async (path) => (await api("GET", path)).document;
export const send = async (method, path, json, headers) => (await api(method, path, { json, headers })).document;

export const newKey = () => crypto.randomUUID();

export function later(work, milliseconds) {
  let waiting;
  return (...given) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => work(...given), milliseconds);
  };
}
