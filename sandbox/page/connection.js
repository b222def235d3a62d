// Settings of one set of books.

import { read, send } from "/page/api.js";
import { button, field, h, note, say, select, show } from "/page/dom.js";
import { picker } from "/page/picker.js";

const UNLINKED = [["stop", "Stop: somebody must link it"], ["default_item", "Use the default item"], ["create_item", "Create an item for it"]];

export async function connectionCard(place, connection) {
  const path = `/connections/${connection.id}`;
  const [{ settings, problems }, options] = await Promise.all([read(`${path}/settings`), read(`${path}/settings/options`)]);
  const said = h("div", {});
  const item = h("div", {});
  const named = (list) => [["", "None"], ...list.map((each) => [each.id, each.name])];
  drawProblems(problems);
  drawItem();
  show(place, h("section", { className: "card stack" },
    h("h2", {}, connection.name), said,
    h("div", { className: "grid" },
      item,
      field("A line whose product has no item", select(UNLINKED, settings.unlinked_line, (value) => (settings.unlinked_line = value))),
      field("Income account of new items", select(named(options.accounts), settings.income_account_id, (value) => (settings.income_account_id = value || null))),
      field("Payment term", select(named(options.terms), settings.term_id, (value) => (settings.term_id = value || null)))),
    h("h3", {}, "Tax code for each rate in Pipedrive"),
    h("div", { className: "grid" }, options.tax_rates.map(rate)),
    button("Save", async () => {
      const saved = await send("PUT", `${path}/settings`, settings);
      drawProblems(saved.problems);
      say(`The settings of ${connection.name} are saved.`);
    }, { className: "act" })));

  function rate(rate) {
    const suggested = options.suggested_tax_codes[rate];
    // A suggestion is taken over at once, and is only kept when the person saves.
    settings.tax_codes[rate] ??= suggested;
    if (!settings.tax_codes[rate]) delete settings.tax_codes[rate];
    const label = (code) => `${code.name}${code.id === suggested ? " (suggested)" : ""}`;
    const choices = [["", "Not set"], ...options.tax_codes.map((code) => [code.id, label(code)])];
    return field(`${rate} %`, select(choices, settings.tax_codes[rate], (value) => {
      if (value) settings.tax_codes[rate] = value;
      else delete settings.tax_codes[rate];
    }));
  }

  function drawItem() {
    if (settings.default_item_id) {
      show(item, h("span", { className: "small soft" }, "Default item"),
        h("div", { className: "picked" }, h("strong", {}, settings.default_item_name || settings.default_item_id),
          h("button", { type: "button", className: "quiet", onclick: () => { settings.default_item_id = null; settings.default_item_name = ""; drawItem(); } }, "Change")));
    } else {
      show(item, picker({
        label: "Default item",
        path: `${path}/items`,
        line: (hit) => `${hit.name}${hit.code ? ` (${hit.code})` : ""}`,
        onpick: (hit) => { settings.default_item_id = hit.id; settings.default_item_name = hit.name; drawItem(); },
      }));
    }
  }

  function drawProblems(list) {
    show(said, list.map((problem) => note(problem.message, problem.severity)));
  }
}
