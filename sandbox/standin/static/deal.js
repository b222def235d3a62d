// A deal as Pipedrive shows it: the panels at the left, the app's among them, what happened at the right.

import { asMe, control, extension, known, me } from "/standin/data.js";
import { day, h, icon, moment, money, show } from "/standin/dom.js";
import { openFrame } from "/standin/frames.js";
import { menu } from "/standin/menu.js";
import { openModal } from "/standin/overlays.js";
import { clean } from "/standin/rich_text.js";
import { push } from "/standin/wire.js";

const HISTORY_EVERY = 4000;

export async function dealPage(root, { signal }, id) {
  const deal = await control("GET", `crm/deal?${asMe()}&deal_id=${id}`);
  if (signal.aborted) return;
  document.title = `${deal.title} · Pipedrive (simulated)`;
  const happened = h("section", { className: "card", "aria-labelledby": "history" });
  show(root,
    head(deal),
    h("div", { className: "detail" },
      h("div", { className: "side" }, summary(deal), appPanel(deal), products(deal), fields(deal)),
      h("div", { className: "wide" }, happened)));
  drawHistory(happened, deal);
  const timer = setInterval(() => refresh(happened, id, signal), HISTORY_EVERY);
  signal.addEventListener("abort", () => clearInterval(timer));
}

function head(deal) {
  const actions = me().installed ? known().extensions.filter((each) => each.in_menu) : [];
  const entries = actions.map((each) => [each.name, () => openModal(each, { dealId: deal.id, data: null })]);
  const { stages } = known();
  const reached = stages.indexOf(deal.stage);
  return h("header", { className: "deal-head" },
    h("div", { className: "deal-title" },
      h("h1", {}, deal.title),
      h("span", { className: "owner" }, deal.owner),
      deal.status === "open" ? null : h("span", { className: `chip ${deal.status}` }, deal.status),
      menu("More actions", entries)),
    h("ol", { className: "stages", "aria-label": "Stage" }, stages.map((each, index) =>
      h("li", { className: index <= reached ? "reached" : "", "aria-current": index === reached ? "step" : null }, h("span", { className: "unseen" }, each)))),
    h("p", { className: "stage-name" }, "Sales pipeline › ", deal.stage));
}

function summary(deal) {
  const row = (sign, text) => text && h("li", {}, icon(sign), h("span", {}, text));
  return h("section", { className: "card", "aria-labelledby": "summary" },
    h("h2", { id: "summary" }, "Summary"),
    h("p", { className: "value" }, money(deal.value, deal.currency)),
    h("ul", { className: "facts" }, row("calendar", day(deal.expected_close)), row("organization", deal.organization), row("person", [deal.person, deal.email].filter(Boolean).join(" · "))));
}

// Pipedrive frames a panel only for who has installed the app; others are invited to.
function appPanel(deal) {
  const { app } = known();
  const place = h("div", { className: "panel-body" });
  const toggle = h("button", { type: "button", className: "fold", "aria-expanded": "true", onclick: () => fold(toggle, place) }, icon("down"), app.name);
  const section = h("section", { className: "card panel", "aria-label": app.name }, h("h2", {}, toggle), place);
  if (me().installed) openFrame(place, extension("panel"), { kind: "panel", dealId: deal.id });
  else {
    show(place, h("div", { className: "invite" },
      h("p", {}, `Install ${app.name} to turn this deal into an invoice.`),
      h("a", { href: app.install, className: "button primary" }, `Install ${app.name}`)));
  }
  return section;
}

function fold(toggle, place) {
  const visible = toggle.getAttribute("aria-expanded") !== "true";
  toggle.setAttribute("aria-expanded", String(visible));
  place.classList.toggle("folded", !visible);
  if (place.frame) push(place.frame, "visibility", { is_visible: visible, context: { invoker: "user" } });
}

function products(deal) {
  if (!deal.products.length) return null;
  return h("section", { className: "card", "aria-labelledby": "products" },
    h("h2", { id: "products" }, "Products"),
    h("ul", { className: "lines" }, deal.products.map((each) =>
      h("li", {}, h("span", {}, each.name, h("span", { className: "soft" }, ` ${Number(each.quantity)} × ${money(each.item_price, deal.currency)}`)), h("span", { className: "n" }, money(each.sum, deal.currency))))));
}

function fields(deal) {
  if (!deal.fields.length) return null;
  return h("section", { className: "card", "aria-labelledby": "details" },
    h("h2", { id: "details" }, "Details"),
    h("dl", {}, deal.fields.map((each) => [h("dt", {}, each.name), h("dd", {}, each.value)])));
}

async function refresh(place, id, signal) {
  const deal = await control("GET", `crm/deal?${asMe()}&deal_id=${id}`).catch(() => null);
  if (deal && !signal.aborted) drawHistory(place, deal);
}

function drawHistory(place, deal) {
  const seen = JSON.stringify([deal.notes, deal.files, deal.activities]);
  if (place.dataset.seen === seen) return;
  place.dataset.seen = seen;
  show(place,
    h("h2", { id: "history" }, "History"),
    deal.notes.length + deal.files.length + deal.activities.length === 0 && h("p", { className: "soft" }, "Nothing has happened yet. Notes that the app writes appear here."),
    h("ol", { className: "history" },
      deal.activities.map((each) => h("li", {}, h("p", { className: "soft" }, ["Task", each.due && day(each.due), each.for].filter(Boolean).join(" · ")), h("p", {}, each.subject))),
      deal.files.map((each) => h("li", {}, h("p", { className: "soft" }, "File"), h("p", {}, each))),
      deal.notes.map((each) => h("li", {}, h("p", { className: "soft" }, `Note · ${moment(`${each.at.replace(" ", "T")}Z`)} · ${each.by}`), h("div", { className: "note" }, clean(each.content))))));
}

