// The lines of a draft: each can be changed, moved, removed and linked to an item of the books.

import { button, field, h, select } from "/page/dom.js";
import { picker } from "/page/picker.js";

const EMPTY = { description: "", quantity: "1", unit_price: "0", discount: null, product_id: null, item_id: null, item_name: "", new_item: null, tax_rate: null, tax_code: null };
const KINDS = [["", "None"], ["percent", "%"], ["amount", "off"]];

export function linesBlock(form, { change, redraw, taxCodes }) {
  const { draft } = form;
  const lines = draft.lines;
  const suggested = new Map(form.prefill.item_suggestions.map(({ line, item }) => [form.prefill.draft.lines[line]?.product_id, item]));
  const proposals = lines.filter((line) => !line.item_id && suggested.has(line.product_id));
  // Drawing anew must not lose the keyboard's place: the focus goes to what stands where it was.
  const redo = (index, part = "textarea") => {
    redraw();
    change();
    const box = document.querySelector(`[data-line="${index}"]`);
    (box?.querySelector(`${part}:not(:disabled)`) ?? box?.querySelector("textarea"))?.focus();
  };
  return h("section", { className: "card" },
    h("div", { className: "head" },
      h("h2", {}, `Lines in ${draft.currency}`),
      h("span", { className: "soft small" }, { exclusive: "Prices without tax", inclusive: "Prices include tax", none: "No tax" }[draft.tax_handling]),
      proposals.length > 0 && button(`Take ${proposals.length === 1 ? "the suggested item" : `all ${proposals.length} suggested items`}`, () => {
        proposals.forEach((line) => link(line, suggested.get(line.product_id)));
        redo(0);
      })),
    lines.map((line, index) => lineBox(line, index)),
    h("br"),
    button("Add a line", () => { lines.push({ ...EMPTY, tax_rate: lines[0]?.tax_rate ?? null, tax_code: lines[0]?.tax_code ?? null }); redo(lines.length - 1); }));

  function lineBox(line, index) {
    const name = `Line ${index + 1}`;
    const input = (label, key, props = {}) => field(label, h("input", { value: line[key], inputMode: "decimal", ...props, oninput: (event) => { line[key] = event.target.value.trim() || "0"; change(); } }));
    return h("fieldset", { className: "line", "data-line": index },
      h("legend", {}, name),
      h("div", { className: "fields" },
        field("Description", h("textarea", { rows: 2, value: line.description, oninput: (event) => { line.description = event.target.value; change(); } }), "full"),
        input("Quantity", "quantity"), input("Price", "unit_price"), discount(line, index),
        h("div", { className: taxCodes.length && draft.tax_handling !== "none" ? "half" : "full" }, item(line, index)),
        taxCodes.length > 0 && draft.tax_handling !== "none" && tax(line)),
      h("div", { className: "row" },
        move(index, -1, "Up", name), move(index, 1, "Down", name),
        button("Remove", () => { lines.splice(index, 1); redo(Math.min(index, lines.length - 1), ".remove"); }, { className: "quiet danger remove", "aria-label": `Remove ${name}` })));
  }

  function move(index, by, label, name) {
    return button(label, () => {
      [lines[index], lines[index + by]] = [lines[index + by], lines[index]];
      redo(index + by, `.${label.toLowerCase()}`);
    }, { className: `quiet ${label.toLowerCase()}`, disabled: !lines[index + by], "aria-label": `${name} ${label.toLowerCase()}` });
  }

  function discount(line, index) {
    const kind = line.discount?.percent != null ? "percent" : line.discount ? "amount" : "";
    const value = h("input", { value: line.discount?.[kind] ?? "", inputMode: "decimal", disabled: !kind, "aria-label": "Discount", oninput: (event) => { line.discount = { [kind]: event.target.value.trim() || "0" }; change(); } });
    const chooser = select(KINDS, kind, (chosen) => { line.discount = chosen ? { [chosen]: line.discount?.percent ?? line.discount?.amount ?? "0" } : null; redo(index, chosen ? ".pair input" : ".pair select"); }, { "aria-label": "Kind of discount" });
    return h("div", {}, h("span", { className: "small soft" }, "Discount"), h("div", { className: "pair" }, value, chooser));
  }

  function item(line, index) {
    if (line.item_id || line.new_item) {
      return h("div", {}, h("span", { className: "small soft" }, "Item in the books"),
        h("div", { className: "picked" },
          h("strong", {}, line.item_id ? line.item_name || line.item_id : `New: ${line.new_item.name}`),
          h("button", { type: "button", className: "quiet", onclick: () => { line.item_id = null; line.item_name = ""; line.new_item = null; redo(index, "input[type=search]"); } }, "Change")));
    }
    const proposed = suggested.get(line.product_id);
    return picker({
      label: "Item in the books",
      path: `/connections/${draft.connection_id}/items`,
      line: (hit) => `${hit.name}${hit.code ? ` (${hit.code})` : ""}${hit === proposed ? " · suggested" : ""}`,
      suggested: proposed ? [proposed] : [],
      onpick: (hit) => { link(line, hit); redo(index, ".picked button"); },
      extra: [["Create a new item", (typed) => { line.new_item = fresh(line, typed); redo(index, ".picked button"); }]],
    });
  }

  function tax(line) {
    const choices = [["", line.tax_rate ? `No code for ${line.tax_rate} % yet` : "Choose"], ...taxCodes.map((code) => [code.id, code.name])];
    return field("Tax code", select(choices, line.tax_code, (value) => { line.tax_code = value || null; change(); }), "half");
  }
}

function link(line, item) {
  line.item_id = item.id;
  line.item_name = item.name;
  line.new_item = null;
}

function fresh(line, typed) {
  const name = (typed || line.description.split("\n")[0] || "New item").slice(0, 100);
  return { name, code: "", description: line.description, unit_price: line.unit_price, income_account: null };
}
