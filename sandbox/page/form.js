// "Invoice this deal": the prefilled draft, what can be changed, what the books will make of it, and the one button.

import { api, later, newKey, person, Problem, read, send, Unknown } from "/page/api.js";
import { ask, button, day, field, h, money, note, say, select, show } from "/page/dom.js";
import { customerBlock } from "/page/customer.js";
import { linesBlock } from "/page/lines.js";

const PREVIEW_AFTER = 400;

export async function formPage(root, { signal }, deal) {
  const place = `form/${person().company_id}/${person().user_id}/${deal}`;
  const kept = JSON.parse(sessionStorage.getItem(place) ?? "null");
  if (kept && await alreadyMade(kept.key)) return leave("This invoice was created already.");
  const { connections } = await read("/connections");
  const usable = connections.filter((each) => each.health === "active");
  const form = kept ?? { key: newKey(), ...(await open(null)) };
  let asked = 0;
  if (signal.aborted) return;
  const parts = { customer: h("div", {}), lines: h("div", {}), preview: h("div", {}), sum: h("span", { role: "status" }) };
  const create = button("Create the invoice", press, { className: "act" });
  const previewSoon = later(preview, PREVIEW_AFTER);
  draw();

  async function alreadyMade(key) {
    try {
      const intent = await read(`/deals/${deal}/intents/${key}`);
      return intent.state !== "refused";
    } catch {
      return false;
    }
  }

  async function open(connection, instalment) {
    const query = new URLSearchParams();
    if (connection) query.set("connection_id", connection);
    if (instalment) query.set("instalment_id", instalment);
    const prefill = await read(`/deals/${deal}/draft?${query}`);
    return { prefill, draft: prefill.draft, basis: prefill.basis, customer: prefill.customer };
  }

  async function reopen(connection, instalment) {
    Object.assign(form, await open(connection, instalment));
    draw();
  }

  function draw() {
    const { draft, prefill } = form;
    show(root,
      h("p", { className: "small" }, h("a", { href: `#/deals/${deal}` }, "Back to the deal")),
      h("h1", {}, "Invoice this deal"),
      prefill.problems.map((problem) => note(problem.message)),
      prefill.notices.map((notice) => note(NOTICES[notice.code]?.(notice.line + 1) ?? notice.code)),
      headCard(), parts.customer, parts.lines, parts.preview,
      h("div", { className: "sum" }, parts.sum, create));
    drawCustomer();
    drawLines();
    change();
  }

  function headCard() {
    const { draft, prefill } = form;
    const text = (label, name, props = {}) => field(label, h("input", { value: draft[name] ?? "", ...props, oninput: (event) => { draft[name] = event.target.value || props.empty; change(); } }));
    const books = usable.map((each) => [each.id, each.name]);
    const instalments = [["", "The whole deal"], ...prefill.instalments.map((each) => [each.id, `${each.description || "Instalment"}, ${day(each.billing_date)}: ${money(each.amount)}`])];
    return h("section", { className: "card grid" },
      books.length > 1 && field("Books", select(books, draft.connection_id, (value) => reopen(value, draft.instalment_id))),
      prefill.instalments.length > 0 && field("Instalment", select(instalments, draft.instalment_id, (value) => reopen(draft.connection_id, value))),
      text("Issue date", "issued_on", { type: "date", required: true }),
      text("Due date", "due_on", { type: "date", empty: null }),
      text("Buyer's PO number", "po_number", { maxLength: 500, empty: "" }),
      draft.number !== null && text("Invoice number", "number", { empty: "" }),
      h("div", { className: "full" }, field("Message on the invoice", h("textarea", { rows: 2, value: draft.memo, oninput: (event) => { draft.memo = event.target.value; change(); } }))));
  }

  function drawCustomer() {
    show(parts.customer, customerBlock(form, { change, redraw: drawCustomer, deal }));
  }

  function drawLines() {
    show(parts.lines, linesBlock(form, { change, redraw: drawLines, taxCodes: form.prefill.tax_codes }));
  }

  function change() {
    sessionStorage.setItem(place, JSON.stringify(form));
    create.disabled = true;
    show(parts.sum, "Computing …");
    previewSoon();
  }

  async function preview() {
    const mine = ++asked;
    try {
      const seen = await send("POST", `/deals/${deal}/draft/preview`, form.draft);
      if (mine !== asked) return;
      create.disabled = !seen.can_be_created;
      show(parts.preview, previewCard(seen));
      show(parts.sum, "Total: ", h("strong", {}, seen.totals.total ? money(seen.totals.total) : `${money(seen.totals.net)} + tax`));
    } catch (error) {
      if (mine !== asked) return;
      show(parts.preview, note(error.message, "bad"), problemNotes(error.problems));
      show(parts.sum, "Not computed");
    }
  }

  async function press() {
    say("Creating …");
    try {
      const headers = { "idempotency-key": form.key, "if-match": form.basis };
      const { document } = await api("POST", `/deals/${deal}/invoices`, { json: form.draft, headers });
      leave(document.invoice ? `Invoice ${document.invoice.number || document.invoice.id} is created.` : "QuickBooks has not answered yet. The panel shows how it goes on.");
    } catch (error) {
      await failed(error);
    }
  }

  async function failed(error) {
    const unknown = error instanceof Unknown || error.status >= 500;
    if (unknown && await alreadyMade(form.key)) return leave("The panel shows how it goes on.");
    if (unknown) return show(parts.preview, note(`${error.message} Press the button again: this form makes one invoice, however often it is pressed.`, "bad"));
    if (error instanceof Problem && error.status === 412) return invoicedMeanwhile(error);
    if (error instanceof Problem && (error.status === 409 || error.values.key)) {
      // This key is used up: by a refusal, or by another content. A new wish needs a new one.
      form.key = newKey();
      form.basis = error.values.basis ?? form.basis;
      sessionStorage.setItem(place, JSON.stringify(form));
    }
    show(parts.preview, note(error.message, "bad"), problemNotes(error.problems ?? []));
    create.disabled = false;
  }

  async function invoicedMeanwhile(error) {
    if (!await ask("Invoice again anyway?", error.message, "Yes, invoice again")) return;
    form.basis = error.values.basis;
    await press();
  }

  function leave(text) {
    sessionStorage.removeItem(place);
    say(text);
    location.hash = `#/deals/${deal}`;
  }
}

const NOTICES = {
  recurring: (line) => `Line ${line} is a subscription: one period of it is invoiced.`,
  total_differs: (line) => `Line ${line}: Pipedrive computes another total for it. Look at quantity, price and discount.`,
};

const problemNotes = (problems) => problems.map((problem) => note(problem.message, problem.severity));

function previewCard({ totals, problems }) {
  return h("section", { className: "card", "aria-label": "Preview" },
    h("h2", {}, "Preview"),
    problemNotes(problems),
    problems.length === 0 && note("Nothing stands in the way.", "good"),
    h("table", { className: "totals" }, h("tbody", {},
      h("tr", {}, h("td", {}, "Net"), h("td", {}, money(totals.net))),
      totals.taxes.map((tax) => h("tr", {}, h("td", {}, `${tax.name} on ${money(tax.net)}`), h("td", {}, money(tax.tax)))),
      totals.books_decide_tax && h("tr", {}, h("td", {}, "Tax"), h("td", {}, "computed by QuickBooks")),
      h("tr", {}, h("td", {}, "Total"), h("td", {}, totals.total ? money(totals.total) : `${money(totals.net)} + tax`)))));
}
