// A deal with its panel: what it has been invoiced, and how that stands.

import { read, send } from "/page/api.js";
import { button, chip, day, h, moment, money, note, say, show } from "/page/dom.js";

const POLL_EVERY = 2500;

export async function dealPage(root, { signal }, id) {
  const [deal, panel] = await Promise.all([read(`/deals/${id}`), read(`/deals/${id}/invoices`)]);
  if (signal.aborted) return;
  const where = h("div", {});
  const history = h("div", {});
  const sum = h("p", {});
  show(root,
    h("p", { className: "small" }, h("a", { href: "#/deals" }, "All deals")),
    h("div", { className: "head" }, h("h1", {}, deal.title), deal.value && h("span", { className: "soft" }, money(deal.value))),
    sum,
    h("div", { className: "row" },
      deal.rights.includes("create") && h("a", { className: "button act", href: `#/deals/${id}/invoice` }, "Invoice this deal"),
      button("Refresh", async () => { draw(await send("POST", `/deals/${id}/invoices/refresh`)); say("The books were asked."); })),
    h("br"), where, history);
  draw(panel);

  function draw(known) {
    show(where, panelCard(known));
    read(`/deals/${id}`).then(({ invoiced }) => show(sum, invoiced.length && `Invoiced so far: ${invoiced.map(money).join(", ")}`)).catch(() => {});
    read(`/deals/${id}/history`).then((entries) => show(history, historyCard(entries))).catch(() => {});
    if (known.intents.some((intent) => intent.state === "being_created")) setTimeout(poll, POLL_EVERY);
  }

  async function poll() {
    if (signal.aborted) return;
    try {
      draw(await read(`/deals/${id}/invoices`));
    } catch {
      setTimeout(poll, POLL_EVERY * 2);
    }
  }
}

function panelCard(panel) {
  return h("section", { className: "card", "aria-label": "Invoices" },
    h("div", { className: "head" }, h("h2", {}, "Invoices"), h("span", { className: "soft small" }, `Last checked: ${moment(panel.checked_at)}`)),
    panel.notice && note(panel.notice),
    panel.possible_duplicates.map((intent) => note(`The books may hold this invoice twice: ${intent.possible_duplicates.join(", ")}. Delete one of them there.`, "bad")),
    h("ul", { className: "plain rows" }, panel.intents.map(intentRow), panel.invoices.map(invoiceRow)),
    panel.invoices.length + panel.intents.length === 0 && h("p", { className: "soft" }, "Nothing has been invoiced yet."));
}

function intentRow(intent) {
  const text = intent.refusal?.message ?? intent.needs_person ?? "QuickBooks has not answered yet. This looks after itself; nothing is sent twice.";
  return h("li", {},
    h("div", { className: "head" }, h("strong", {}, "New invoice"), chip(intent.state)),
    h("p", {}, text),
    intent.look_again_at && h("p", { className: "soft small" }, `Looked at again: ${moment(intent.look_again_at)}. `, h("a", { href: "#/books" }, "Push the clock")));
}

function invoiceRow(invoice) {
  const partly = invoice.status === "overdue" && Number(invoice.paid.amount) > 0;
  return h("li", {},
    h("div", { className: "head" },
      h("a", { href: invoice.url, target: "_blank", rel: "noopener" }, h("strong", {}, `Invoice ${invoice.number || invoice.id}`)),
      chip(invoice.status)),
    h("div", { className: "row soft" },
      h("span", {}, invoice.customer_name),
      h("span", {}, `Total ${money(invoice.total)}`),
      h("span", {}, `Amount due ${money(invoice.amount_due)}`),
      h("span", {}, `Due ${day(invoice.due_on)}${invoice.days_overdue && invoice.status === "overdue" ? ` (${invoice.days_overdue} days ago)` : ""}`),
      partly && h("span", {}, `Paid ${money(invoice.paid)}`)),
    invoice.difference && note(`The books computed ${money(invoice.difference)} more than the preview.`));
}

function historyCard(entries) {
  if (!entries.length) return [];
  return h("details", { className: "card" },
    h("summary", {}, "History"),
    h("ul", { className: "plain rows" }, entries.map((entry) =>
      h("li", { className: "small" }, `${moment(entry.at)}: ${entry.what} ${entry.number} ${entry.detail}`))));
}
