// One press of the button. Whatever happens to the line, it is the same wish: the same key, at most one invoice.

import { type Api, NoAnswer, Problem } from "../api/client";
import type { Intent, Invoice } from "../api/types";
import type { Form } from "./form";

export type Outcome =
  | { kind: "made"; invoice: Invoice | null; intent: Intent }
  | { kind: "followed"; intent: Intent }
  | { kind: "changed"; problem: Problem; basis: string }
  | { kind: "refused"; problem: Problem; newKey: boolean }
  | { kind: "unsent" };

export async function press(api: Api, deal: number, form: Form): Promise<Outcome> {
  try {
    const { data } = await api.ask("post", "/deals/{deal_id}/invoices", {
      path: { deal_id: deal }, body: form.draft, headers: { "idempotency-key": form.key, "if-match": form.basis },
    });
    return data.invoice ? { kind: "made", invoice: data.invoice, intent: data.intent } : outcomeOf(data.intent);
  } catch (error) {
    if (error instanceof Problem && error.status < 500 && error.status !== 429) return refusal(error);
    return (await whatBecame(api, deal, form.key)) ?? (error instanceof Problem ? { kind: "refused", problem: error, newKey: false } : { kind: "unsent" });
  }
}

/** How far a wish came; null where the server has never heard of it, or cannot be asked. */
export async function whatBecame(api: Api, deal: number, key: string): Promise<Outcome | null> {
  try {
    return outcomeOf(await api.get("/deals/{deal_id}/intents/{key}", { path: { deal_id: deal, key } }));
  } catch (error) {
    if (error instanceof Problem || error instanceof NoAnswer) return null;
    throw error;
  }
}

export function outcomeOf(intent: Intent): Outcome {
  if (intent.state === "made") return { kind: "made", invoice: null, intent };
  if (intent.state !== "refused") return { kind: "followed", intent };
  const { code = "books_refused", message = "", provider_reference = null } = intent.refusal ?? {};
  return { kind: "refused", problem: new Problem(422, { code, detail: message, provider_reference }), newKey: true };
}

function refusal(problem: Problem): Outcome {
  const basis = problem.values["basis"];
  if (problem.status === 412 && basis) return { kind: "changed", problem, basis };
  // A key that was refused, or used for something else, is used up: what comes next is another wish.
  return { kind: "refused", problem, newKey: problem.status === 409 || "key" in problem.values };
}
