// What can be done with an invoice: what the server offers for it, asked about as often as the server says.

import type { Api } from "../api/client";
import type { Invoice } from "../api/types";
import type { Host } from "../host";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import { newKey } from "../logic/keys";
import { nameOf } from "../ui/invoice";
import type { Choice } from "../ui/parts";
import { save } from "../ui/save";
import { learnProblems } from "./words";

export interface Acting {
  invoice: Invoice;
  providerName: string;
  api: Api;
  host: Host;
  deal: number;
  onDone: () => Promise<void>;
  onCopy: () => Promise<void>;
  onEmail: () => Promise<void>;
}

type Offer = Invoice["actions"][number];
type Work = (acting: Acting, offer: Offer) => Promise<string | null>;

const INVOICE = "/deals/{deal_id}/invoices/{connection_id}/{invoice_id}";
const idsOf = ({ deal, invoice }: Acting) => ({ deal_id: deal, connection_id: invoice.connection_id, invoice_id: invoice.id });
const named = ({ invoice }: Acting) => ({ invoice: nameOf(invoice) });

/** In the order of the menu. Each gives the sentence for what was done, or null where nothing was. */
const WORKS: Record<string, { label: (acting: Acting) => string; work: Work; danger?: boolean }> = {
  open: { label: ({ providerName }) => t("action.open", { provider: providerName }), work: ({ invoice }) => { window.open(invoice.url, "_blank", "noopener,noreferrer"); return Promise.resolve(null); } },
  submit: { label: () => t("action.submit"), work: submit },
  approve: { label: () => t("action.approve"), work: approve },
  email: { label: () => t("action.email"), work: async ({ onEmail }) => { await onEmail(); return null; } },
  pdf: { label: () => t("action.pdf"), work: pdf },
  pay_link: { label: () => t("action.pay_link"), work: payLink },
  copy_as_new: { label: () => t("action.copy_as_new"), work: async ({ onCopy }) => { await onCopy(); return null; } },
  void: { label: () => t("action.void"), work: end("void"), danger: true },
  delete: { label: () => t("action.delete"), work: end("delete"), danger: true },
};

export function choicesFor(acting: Acting): Choice[] {
  return Object.entries(WORKS).flatMap(([action, { label, work, danger = false }], index): Choice[] => {
    const offer = acting.invoice.actions.find((each) => each.action === action);
    const whyNot = offer && !offer.possible ? reasonOf(acting, offer) : undefined;
    if (!offer || (!offer.possible && !whyNot)) return [];
    return [{ ...(whyNot ? { whyNot } : {}), label: label(acting), danger, apart: danger && index > 0 && action === "void", choose: () => void run(acting, offer, work) }];
  });
}

/** Of what cannot be done only that is shown which a person can do something about, and may look for here. */
const reasonOf = ({ providerName }: Acting, { action, reason }: Offer): string | undefined =>
  (action === "void" && reason === "has_payments" ? t("panel.has_payments", { books: providerName }) : undefined);

async function run(acting: Acting, offer: Offer, work: Work): Promise<void> {
  try {
    const said = await work(acting, offer);
    if (said === null) return;
    acting.host.say(said);
  } catch (error) {
    await learnProblems();
    acting.host.say(sayError(error));
  }
  await acting.onDone();
}

async function submit(acting: Acting): Promise<string> {
  await acting.api.ask("post", `${INVOICE}/submit`, { path: idsOf(acting), headers: { "idempotency-key": newKey() } });
  return t("action.done_submit", named(acting));
}

async function approve(acting: Acting): Promise<string | null> {
  const question = { title: t("action.approve_title", named(acting)), description: t("action.approve_text"), ok: t("action.approve"), cancel: t("common.cancel") };
  if (!(await acting.host.ask(question))) return null;
  await acting.api.ask("post", `${INVOICE}/approve`, { path: idsOf(acting), headers: { "idempotency-key": newKey() } });
  return t("action.done_approve", named(acting));
}

/** Void or delete: asked about once, and once more where payments hang on the invoice. */
function end(action: "void" | "delete"): Work {
  return async (acting, offer) => {
    const { api, host } = acting;
    const answer = { ok: t(`action.${action}`), cancel: t("common.cancel"), danger: true };
    if (!(await host.ask({ title: t(`action.${action}_title`, named(acting)), description: t(`action.${action}_text`), ...answer }))) return null;
    if (offer.asks === "twice" && !(await host.ask({ title: t("action.twice_title", named(acting)), description: t("action.twice_text"), ...answer }))) return null;
    const sent = { path: idsOf(acting), query: { confirmed: offer.asks }, headers: { "idempotency-key": newKey() } };
    await (action === "void" ? api.ask("post", `${INVOICE}/void`, sent) : api.ask("delete", INVOICE, sent));
    return t(`action.done_${action}`, named(acting));
  };
}

async function pdf(acting: Acting): Promise<null> {
  save(`${acting.invoice.number || acting.invoice.id}.pdf`, await acting.api.file(`${INVOICE}/pdf`, idsOf(acting)));
  return null;
}

async function payLink(acting: Acting): Promise<string> {
  const { url } = await acting.api.get(`${INVOICE}/pay-link`, { path: idsOf(acting) });
  try {
    await navigator.clipboard.writeText(url);
    return t("action.done_pay_link");
  } catch {
    // A frame may not be allowed to write to the clipboard: then the person gets the link to copy.
    acting.host.say(t("action.pay_link"), { url, label: url });
    return t("action.pay_link");
  }
}
