// What can be done with an invoice: what the server offers for it, as far as this person may.

import type { Api } from "../api/client";
import type { Invoice } from "../api/types";
import type { Host, Question } from "../host";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import { newKey } from "../logic/keys";
import { nameOf } from "../ui/invoice";
import type { Choice } from "../ui/parts";

export interface Acting {
  invoice: Invoice;
  rights: string[];
  providerName: string;
  api: Api;
  host: Host;
  deal: number;
  onDone: () => Promise<void>;
}

const RIGHT = { submit: "act", approve: "approve" } as const;
type Action = keyof typeof RIGHT;
const ACTIONS = Object.keys(RIGHT) as Action[];

export function choicesFor(acting: Acting): Choice[] {
  const { invoice, rights, providerName } = acting;
  const possible = ACTIONS.filter((action) => invoice.actions.some((each) => each.action === action && each.possible) && rights.includes(RIGHT[action]));
  return [
    { label: t("action.open", { provider: providerName }), choose: () => void window.open(invoice.url, "_blank", "noopener,noreferrer") },
    ...possible.map((action): Choice => ({ label: t(`action.${action}`), choose: () => void act(action, acting) })),
  ];
}

async function act(action: Action, acting: Acting): Promise<void> {
  const { invoice, api, host, deal, onDone } = acting;
  const question = questionFor(action, nameOf(invoice));
  if (question && !(await host.ask(question))) return;
  const path = { deal_id: deal, connection_id: invoice.connection_id, invoice_id: invoice.id };
  try {
    await api.ask("post", `/deals/{deal_id}/invoices/{connection_id}/{invoice_id}/${action}`, { path, headers: { "idempotency-key": newKey() } });
    host.say(t(`action.done_${action}`, { invoice: nameOf(invoice) }));
  } catch (error) {
    host.say(sayError(error));
  }
  await onDone();
}

function questionFor(action: Action, invoice: string): Question | null {
  if (action === "submit") return null;
  return { title: t("action.approve_title", { invoice }), description: t("action.approve_text"), ok: t("action.approve"), cancel: t("common.cancel") };
}
