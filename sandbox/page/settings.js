// Settings: which books, what fills the invoice, who may do what.

import { api, person, read, send } from "/page/api.js";
import { ask, button, check, chip, field, h, note, say, select, show } from "/page/dom.js";
import { connectionCard } from "/page/connection.js";

const PARTS = { name: "To", address: "Address", email: "E-mail", tax_id: "Customer tax id" };
const RIGHTS = { see: "See invoices", create: "Create invoices", act: "Void, delete, e-mail", approve: "Approve" };
const AUDIENCES = [["manager", "The manager only"], ["admins", "Admins too"], ["everyone", "Everyone who installed"]];

export async function settingsPage(root, { again }) {
  const list = await read("/connections");
  show(root, h("h1", {}, `Settings of ${list.company_name}`), booksCard(list, again));
  if (!list.may_connect) return;
  const [{ settings, problems }, options] = await Promise.all([read("/settings"), read("/settings/options")]);
  root.append(companyCard(settings, problems, options.fields));
  for (const connection of list.connections.filter((each) => each.health === "active")) {
    const place = h("div", {});
    root.append(place);
    connectionCard(place, connection).catch((error) => show(place, note(`${connection.name}: ${error.message}`, "bad")));
  }
}

function booksCard(list, again) {
  const connect = (provider) => button(`Connect ${provider.name}`, async () => {
    // Inside Pipedrive this opens a new tab: consent pages do not let themselves be framed.
    location.href = (await send("POST", "/connections", { provider: provider.provider })).url;
  }, { className: list.connections.length ? "" : "act" });
  return h("section", { className: "card stack" },
    h("h2", {}, "Books"),
    list.connections.length === 0 && h("p", { className: "soft" }, "No books are connected yet. Connect QuickBooks or Xero as the next step."),
    h("ul", { className: "plain rows" }, list.connections.map((each) => connectionRow(each, again))),
    list.may_connect ? h("div", { className: "row" }, list.providers.map(connect)) : h("p", {}, `${list.manager_name} manages invoicing.`));
}

function connectionRow(each, again) {
  return h("li", {},
    h("div", { className: "head" },
      h("strong", {}, each.name),
      h("span", { className: "row" }, each.is_default && h("span", { className: "chip" }, "Default"), chip(each.health))),
    h("p", { className: "soft" }, `${each.provider_name} · ${each.country} · ${each.home_currency}${each.multicurrency ? ", multicurrency" : ""} · managed by ${each.manager_name}`),
    each.health !== "active" && note(each.health_text),
    each.may_configure && each.manager_name !== person().name && button("Take over", async () => {
      await send("POST", `/connections/${each.id}/take-over`);
      say(`You manage ${each.name} now.`);
      await again();
    }),
    each.may_configure && each.health !== "disconnected" && button("Disconnect", async () => {
      if (!await ask("Disconnect these books?", `Duebill gives up its access to ${each.name}. Invoices, settings and links stay.`, "Disconnect")) return;
      say((await api("DELETE", `/connections/${each.id}`)).document.message);
      await again();
    }, { className: "quiet danger" }));
}

function companyCard(settings, problems, fields) {
  const said = h("div", {}, problems.map((problem) => note(problem.message)));
  const choices = [["", "Leave it empty"], ...fields.map((each) => [`${each.record}/${each.code}`, `${each.name} (${each.record})`])];
  const mapping = Object.entries(PARTS).map(([part, label]) => {
    const now = settings.mapping[part];
    return field(label, select(choices, now ? `${now.record}/${now.code}` : "", (value) => {
      const [record, code] = value.split("/");
      settings.mapping[part] = value ? { record, code } : null;
    }));
  });
  const roles = Object.entries(RIGHTS).map(([right, label]) =>
    field(label, select(AUDIENCES, settings.roles[right], (value) => (settings.roles[right] = value))));
  return h("section", { className: "card stack" },
    h("h2", {}, "All invoices"), said,
    h("h3", {}, "Which field fills what"), h("div", { className: "grid" }, mapping),
    h("h3", {}, "When it is due"),
    h("div", { className: "grid" }, field("Days after the issue date", h("input", { type: "number", min: 0, max: 365, value: settings.due_days, oninput: (event) => (settings.due_days = Number(event.target.value)) }))),
    check("Use the payment term that is chosen for the books instead", settings.use_term, (on) => (settings.use_term = on)),
    check("Keep a note about each invoice on the deal", settings.note_on_deal, (on) => (settings.note_on_deal = on)),
    h("h3", {}, "Who may do what"), h("div", { className: "grid" }, roles),
    button("Save", async () => {
      const saved = await send("PUT", "/settings", settings);
      show(said, saved.problems.map((problem) => note(problem.message)));
      say("The settings are saved.");
    }, { className: "act" }));
}
