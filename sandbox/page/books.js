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
];

export async function booksPage(root, { again }) {
  const [{ companies }, state] = await Promise.all([control("GET", "books"), control("GET", "state")]);
  show(root,
    h("h1", {}, "Books and time"),
    h("p", {}, "What a bookkeeper does in QuickBooks, and what the weather does. Afterwards press Refresh on the deal."),
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
      button("Set", async () => { await control("POST", "quickbooks/fault", FAULTS[chosen][1]); say("The next such call fails, once."); })));
}

function companyCard(company, again) {
  return h("section", { className: "card" },
    h("h2", {}, company.name),
    h("ul", { className: "plain rows" }, company.invoices.map((invoice) => invoiceRow(company, invoice, again))),
    h("details", {},
      h("summary", {}, "More"),
      h("div", { className: "row" },
        button("Let the access token end", () => act("expire_access", { realm: company.realm }, "The access token has ended.")),
        button("Remove the app inside QuickBooks", () => act("disconnect", { realm: company.realm }, "QuickBooks has ended the connection."), { className: "danger" }))));
}

async function act(route, json, done) {
  await control("POST", `quickbooks/${route}`, json);
  say(done);
}

function invoiceRow(company, invoice, again) {
  const about = { realm: company.realm, invoice: invoice.id };
  const name = invoice.number || invoice.id;
  const open = Number(invoice.balance) > 0;
  const amount = h("input", { inputMode: "decimal", value: invoice.balance, size: 8, "aria-label": `Amount paid of invoice ${name}` });
  amount.style.width = "8rem";
  const doing = (label, route, json, done, props) => button(label, async () => { await act(route, json(), done); await again(); }, { ...props, "aria-label": `${label} invoice ${name}` });
  return h("li", {},
    h("div", { className: "head" },
      h("strong", {}, `Invoice ${name}`),
      h("span", { className: "soft" }, `${invoice.customer} · ${money({ amount: invoice.total, currency: invoice.currency })}, open ${money({ amount: invoice.balance, currency: invoice.currency })}, due ${invoice.due}${invoice.voided ? " · voided" : ""}`)),
    h("div", { className: "row" },
      open && amount,
      open && doing("Record payment", "pay", () => ({ ...about, amount: amount.value }), "The payment is recorded."),
      !invoice.voided && doing("Void", "void", () => about, "The invoice is voided.", { className: "quiet" }),
      doing("Delete", "delete", () => about, "The invoice is deleted.", { className: "quiet danger" })));
}
