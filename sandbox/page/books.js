// What happens elsewhere: in the books, to time, and when things fail.

import { control } from "/page/api.js";
import { button, h, moment, money, say, select, show } from "/page/dom.js";

const SPANS = [["3 minutes", { seconds: 180 }], ["1 day", { days: 1 }], ["8 days", { days: 8 }], ["30 days", { days: 30 }]];
const FAULTS = [
  ["QuickBooks creates the invoice, and its answer is lost", { kind: "drop_after_commit", where: "POST /v3/company/[0-9]+/invoice" }],
  ["QuickBooks drops the connection and creates nothing", { kind: "drop_before", where: "POST /v3/company/[0-9]+/invoice" }],
  ["QuickBooks answers 500", { kind: "status", status: 500, where: "/v3/company" }],
  ["QuickBooks answers 429 (too many calls)", { kind: "status", status: 429, where: "/v3/company" }],
  ["QuickBooks takes 5 seconds", { kind: "latency", seconds: 5, where: "/v3/company" }],
  ["Xero creates the invoice, and its answer is lost", { kind: "drop_after_commit", where: "PUT /api.xro/2.0/Invoices" }, "xero"],
  ["Xero drops the connection and creates nothing", { kind: "drop_before", where: "PUT /api.xro/2.0/Invoices" }, "xero"],
  ["Xero answers 429 (too many calls)", { kind: "status", status: 429, where: "/api.xro" }, "xero"],
];
const SYSTEMS = { quickbooks: "QuickBooks", xero: "Xero" };

export async function booksPage(root, { again }) {
  const [{ companies }, state] = await Promise.all([control("GET", "books"), control("GET", "state")]);
  show(root,
    h("h1", {}, "Books and time"),
    h("p", {}, "What a bookkeeper does in QuickBooks or Xero, and what the weather does. Afterwards press Refresh on the deal."),
    timeCard(state, again), faultCard(),
    companies.map((company) => companyCard(company, again)));
}

function timeCard(state, again) {
  return h("section", { className: "card" },
    h("h2", {}, "Time"),
    h("p", {}, "It is ", h("strong", {}, moment(state.now)), ". What is due is done by itself every few seconds, and when the clock is pushed."),
    h("div", { className: "row" }, SPANS.map(([label, span]) => button(`+ ${label}`, async () => {
      const { worked_on } = await control("POST", "clock", span);
      say(`${label} later. Pieces of due work done: ${worked_on}.`);
      await again();
    }))));
}

function faultCard() {
  let chosen = 0;
  return h("section", { className: "card" },
    h("h2", {}, "Let the next call fail"),
    h("div", { className: "pair" },
      select(FAULTS.map(([label], index) => [index, label]), 0, (value) => (chosen = value), { "aria-label": "What fails" }),
      button("Set", async () => { await control("POST", `${FAULTS[chosen][2] ?? "quickbooks"}/fault`, FAULTS[chosen][1]); say("The next such call fails, once."); })));
}

function companyCard(company, again) {
  return h("section", { className: "card" },
    h("h2", {}, company.name), h("p", { className: "soft small" }, SYSTEMS[company.provider]),
    h("ul", { className: "plain rows" }, company.invoices.map((invoice) => invoiceRow(company, invoice, again))),
    h("details", {},
      h("summary", {}, "More"),
      h("div", { className: "row" },
        button("Let the access token end", () => act(company, "expire_access", {}, "The access token has ended.")),
        button(`Remove the app inside ${SYSTEMS[company.provider]}`, () => act(company, "disconnect", {}, "The connection is ended there."), { className: "danger" }))));
}

async function act(company, route, json, done) {
  const books = company.realm ? { realm: company.realm } : { tenant: company.tenant };
  await control("POST", `${company.provider}/${route}`, { ...books, ...json });
  say(done);
}

function invoiceRow(company, invoice, again) {
  const about = { invoice: invoice.id };
  const name = invoice.number || invoice.id;
  const open = Number(invoice.balance) > 0 && !["DRAFT", "SUBMITTED"].includes(invoice.status);
  const amount = h("input", { inputMode: "decimal", value: invoice.balance, size: 8, "aria-label": `Amount paid of invoice ${name}` });
  amount.style.width = "8rem";
  const doing = (label, route, json, done, props) => button(label, async () => { await act(company, route, json(), done); await again(); }, { ...props, "aria-label": `${label} invoice ${name}` });
  return h("li", {},
    h("div", { className: "head" },
      h("strong", {}, `Invoice ${name}`),
      h("span", { className: "soft" }, `${invoice.customer} · ${money({ amount: invoice.total, currency: invoice.currency })}, open ${money({ amount: invoice.balance, currency: invoice.currency })}, due ${invoice.due}${invoice.status ? ` · ${invoice.status.toLowerCase()}` : ""}`)),
    h("div", { className: "row" },
      open && amount,
      open && doing("Record payment", "pay", () => ({ ...about, amount: amount.value }), "The payment is recorded."),
      !invoice.voided && doing("Void", "void", () => about, "The invoice is voided.", { className: "quiet" }),
      ["DRAFT", "SUBMITTED"].includes(invoice.status) && doing("Approve", "approve", () => about, "The invoice is approved."),
      doing("Delete", "delete", () => about, "The invoice is deleted.", { className: "quiet danger" })));
}
