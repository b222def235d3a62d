// The list of deals.

import { asMe, control } from "/standin/data.js";
import { h, link, money, show } from "/standin/dom.js";
import { firstSteps } from "/standin/first_steps.js";

export async function dealsPage(root, { signal, again }) {
  const [{ deals }, steps] = await Promise.all([control("GET", `crm/deals?${asMe()}`), firstSteps(again)]);
  if (signal.aborted) return;
  show(root,
    steps,
    h("section", { className: "card flush" },
      h("h1", { className: "unseen" }, "Deals"),
      h("table", { className: "deals" },
        h("thead", {}, h("tr", {}, ["Title", "Value", "Organization", "Person", "Stage", "Owner"].map((each, index) => h("th", { scope: "col", className: index === 1 ? "n" : "" }, each)))),
        h("tbody", {}, deals.map(row)))));
}

const row = (deal) => h("tr", {},
  h("th", { scope: "row" }, link(`/deal/${deal.id}`, deal.title), deal.status !== "open" && h("span", { className: `chip ${deal.status}` }, deal.status)),
  h("td", { className: "n" }, money(deal.value, deal.currency)),
  h("td", {}, deal.organization), h("td", {}, deal.person), h("td", {}, deal.stage), h("td", {}, deal.owner));
