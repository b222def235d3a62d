// Whom the books bill: the linked customer, a suggested one, one found by search, or a new one.

import { newKey, send } from "/page/api.js";
import { button, field, h, note, say, show } from "/page/dom.js";
import { picker } from "/page/picker.js";

export function customerBlock(form, { change, redraw, deal }) {
  const { draft } = form;
  const said = h("div", {});
  const redo = () => {
    redraw();
    change();
    document.querySelector(".customer .picked button, .customer input[type=search]")?.focus();
  };
  return h("section", { className: "card stack customer" },
    h("h2", {}, "Customer"), said, chosen(), details());

  function chosen() {
    if (draft.customer_id) {
      const named = form.customer;
      return h("div", { className: "picked" },
        h("span", {}, "Billed to ", h("strong", {}, named?.name ?? draft.customer_id), named && h("span", { className: "soft" }, ` · ${named.currency}${named.email ? ` · ${named.email}` : ""}`)),
        h("button", { type: "button", className: "quiet", onclick: () => take(null) }, "Change"),
        button("Update the customer's details in the books", push, { className: "quiet" }));
    }
    if (draft.create_customer) {
      return h("div", { className: "picked" },
        h("span", {}, "A new customer with these details will be created in the books."),
        h("button", { type: "button", className: "quiet", onclick: () => { draft.create_customer = false; redo(); } }, "Choose one instead"));
    }
    return picker({
      label: "Who is this in the books?",
      path: `/connections/${draft.connection_id}/customers`,
      line: (hit) => `${hit.name} · ${hit.currency}${hit.email ? ` · ${hit.email}` : ""}`,
      suggested: form.prefill.customer_suggestions,
      onpick: take,
      extra: [["Create a new customer with the details below", () => { draft.create_customer = true; redo(); }]],
    });
  }

  function take(customer) {
    form.customer = customer;
    draft.customer_id = customer?.id ?? null;
    draft.create_customer = false;
    redo();
  }

  async function push() {
    const link = { connection_id: draft.connection_id, customer_id: draft.customer_id, push: draft.details };
    const linked = await send("PUT", `/deals/${deal}/customer`, link, { "idempotency-key": newKey() });
    form.customer = linked.customer;
    show(said, linked.problems.map((problem) => note(problem.message, problem.severity)));
    say("The customer is up to date in the books.");
  }

  function details() {
    const { details } = draft;
    const { address } = details;
    const text = (label, where, name, props = {}) => field(label, h("input", { value: where[name], ...props, oninput: (event) => { where[name] = event.target.value; change(); } }), props.className);
    return h("details", { open: !draft.customer_id },
      h("summary", {}, "Details on this invoice: ", h("strong", {}, details.name || "–")),
      h("div", { className: "grid" },
        text("Name", details, "name"),
        text("E-mail", details, "email"),
        text("Tax id", details, "tax_id"),
        field("Street", h("textarea", { rows: 2, value: address.lines.join("\n"), oninput: (event) => { address.lines = event.target.value.split("\n").slice(0, 5); change(); } })),
        text("Postal code", address, "postal_code"),
        text("City", address, "city"),
        text("Region", address, "region"),
        text("Country", address, "country")));
  }
}
