// The list of deals, as in Pipedrive.

import { control, person } from "/page/api.js";
import { h, money, show } from "/page/dom.js";

export async function dealsPage(root) {
  const { deals } = await control("GET", "deals");
  const own = deals.filter((deal) => deal.company_id === person().company_id);
  show(root,
    h("h1", {}, "Deals"),
    h("div", { className: "card wide" },
      h("table", {},
        h("thead", {}, h("tr", {}, h("th", {}, "Deal"), h("th", { className: "only-wide" }, "Organization"), h("th", { className: "n" }, "Value"), h("th", {}, ""))),
        h("tbody", {}, own.map(row)))));
}

const row = (deal) => h("tr", {},
  h("td", {}, h("a", { href: `#/deals/${deal.id}` }, deal.title.length > 70 ? `${deal.title.slice(0, 70)}…` : deal.title)),
  h("td", { className: "only-wide" }, deal.organization ?? "–"),
  h("td", { className: "n" }, value(deal)),
  h("td", {}, deal.is_deleted ? h("span", { className: "chip deleted" }, "Deleted") : deal.is_archived ? h("span", { className: "chip" }, "Archived") : ""));

function value(deal) {
  try {
    return money({ amount: deal.value, currency: deal.currency });
  } catch {
    return `${deal.value} ${deal.currency}`;
  }
}
