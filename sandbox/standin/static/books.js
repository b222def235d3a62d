// Where the accountant sits: the invoices of each set of books, and what happens to them there.

import { control } from "/standin/data.js";
import { day, h, money, show } from "/standin/dom.js";
import { menu } from "/standin/menu.js";
import { confirm, form, snackbar } from "/standin/overlays.js";

const SYSTEMS = { quickbooks: "QuickBooks", xero: "Xero" };

export async function booksPage(root, { signal, again }) {
  const { companies } = await control("GET", "books");
  if (signal.aborted) return;
  const chosen = () => companies.find((each) => key(each) === localStorage.getItem("books")) ?? companies[0];
  const place = h("div", {});
  const tabs = h("div", { className: "row", role: "group", "aria-label": "Whose books" });
  const draw = () => {
    show(tabs, companies.map((each) => h("button", { type: "button", className: "plain", "aria-pressed": String(each === chosen()), onclick: () => { localStorage.setItem("books", key(each)); draw(); } },
      h("span", { className: `brand ${provider(each)}` }, SYSTEMS[provider(each)]), ` ${each.name}`)));
    show(place, ledger(chosen(), again));
  };
  show(root, h("h1", { className: "unseen" }, "The books"), h("p", { className: "lead" }, "Play the accountant. What you do here happens in the books, and Duebill has to find out."), tabs, place);
  draw();
}

const provider = (books) => books.provider ?? "quickbooks";
const key = (books) => books.realm ?? books.tenant;
const named = (books) => (books.realm ? { realm: books.realm } : { tenant: books.tenant });

function ledger(books, again) {
  return h("section", { className: "card flush", "aria-label": `Invoices of ${books.name}` },
    h("table", { className: "ledger" },
      h("thead", {}, h("tr", {}, ["Number", "Customer", "Total", "Open", "Due", ""].map((each, index) => h("th", { scope: "col", className: index === 2 || index === 3 ? "n" : "" }, each || h("span", { className: "unseen" }, "What to do"))))),
      h("tbody", {}, books.invoices.map((each) => row(books, each, again)))));
}

function row(books, invoice, again) {
  const name = invoice.number || invoice.id;
  const open = Number(invoice.balance) > 0;
  return h("tr", {},
    h("th", { scope: "row" }, name, invoice.status && h("span", { className: "chip" }, invoice.status)),
    h("td", {}, invoice.customer),
    h("td", { className: "n" }, money(invoice.total, invoice.currency)),
    h("td", { className: "n" }, open ? money(invoice.balance, invoice.currency) : invoice.voided ? "" : h("span", { className: "chip good" }, "paid")),
    h("td", {}, day(invoice.due)),
    h("td", { className: "act" }, menu(`Invoice ${name}: what to do`, acts(books, invoice, name, again))));
}

function acts(books, invoice, name, again) {
  const about = { ...named(books), invoice: invoice.id };
  const open = Number(invoice.balance) > 0;
  const act = async (route, sent, said) => {
    try {
      await control("POST", `${provider(books)}/${route}`, sent);
    } catch (error) {
      return snackbar(`${SYSTEMS[provider(books)]} says no: ${error.message}`);
    }
    await again();
    return snackbar(said);
  };
  const ask = (title, route, said) => async () => {
    const given = await form(`${title}: invoice ${name}`, [{ name: "amount", label: `Amount in ${invoice.currency}`, value: invoice.balance, inputMode: "decimal" }], title);
    if (given) await act(route, { ...about, amount: given.amount }, said);
  };
  const sure = (title, route, said) => async () => {
    if (await confirm({ title: `${title} invoice ${name}?`, okText: title })) await act(route, about, said);
  };
  const due = async () => {
    const given = await form(`Change invoice ${name}`, [{ name: "due", label: "Due date", type: "date", value: invoice.due.slice(0, 10) }], "Save");
    if (given) await act("edit", { ...named(books), entity: "Invoice", id: invoice.id, fields: { DueDate: given.due } }, "The invoice is changed.");
  };
  return [
    provider(books) === "xero" && ["DRAFT", "SUBMITTED"].includes(invoice.status) && ["Approve", () => act("approve", about, "The invoice is approved.")],
    open && ["Record a payment", ask("Record a payment", "pay", "The payment is recorded.")],
    open && ["Credit", ask("Credit", "credit", "The credit is applied.")],
    !invoice.voided && ["Change the due date", due],
    !invoice.voided && ["Void", sure("Void", "void", "The invoice is voided.")],
    ["Delete", sure("Delete", "delete", "The invoice is deleted.")],
  ].filter(Boolean);
}
