// What the sandbox knows, and who sits here.

export async function control(method, route, json) {
  const answer = await fetch(`/sandbox/${route}`, { method, body: json ? JSON.stringify(json) : undefined });
  const document = await answer.json();
  if (answer.ok) return document;
  const fault = document.Fault?.Error?.[0]?.Detail ?? document.Elements?.[0]?.ValidationErrors?.[0]?.Message;
  throw Object.assign(new Error(fault ?? document.error ?? document.Message ?? `The answer was ${answer.status}.`), { status: answer.status });
}

let start = null;

export async function load() {
  start = await control("GET", "crm/start");
  return start;
}

export const known = () => start;

// Who is signed in to Pipedrive here: a cookie, so that Pipedrive's own consent page knows it, too.
export function me() {
  const [, company, id] = /(?:^|; )pipedrive_user=(\d+)\.(\d+)/.exec(document.cookie) ?? [];
  return start.users.find((each) => String(each.company_id) === company && String(each.id) === id) ?? start.users[0];
}

export function signIn(user) {
  document.cookie = `pipedrive_user=${user.company_id}.${user.id}; path=/; max-age=31536000; samesite=lax`;
}

export const asMe = () => new URLSearchParams({ company_id: me().company_id, user_id: me().id });

export const extension = (kind) => start.extensions.find((each) => each.kind === kind);

// Pipedrive takes a modal's id or its name.
export const modalCalled = (action) => start.extensions.find((each) => each.kind === "modal" && (each.id === action || each.name === action));

export const freshToken = async () => (await control("GET", `token?${asMe()}`)).token;

export const theme = () => document.documentElement.dataset.theme;
