// Which page is shown, and for whom.

import { choose, control, everyone, loadPeople, person, Problem } from "/page/api.js";
import { h, note, say, show } from "/page/dom.js";
import { booksPage } from "/page/books.js";
import { dealPage } from "/page/deal.js";
import { dealsPage } from "/page/deals.js";
import { formPage } from "/page/form.js";
import { settingsPage } from "/page/settings.js";

const main = document.getElementById("main");
const NAV = [["#/deals", "Deals"], ["#/settings", "Settings"], ["#/books", "Books and time"]];
const PAGES = [
  [/^#\/deals$/, dealsPage, "Deals"],
  [/^#\/deals\/(\d+)$/, dealPage, "Deal"],
  [/^#\/deals\/(\d+)\/invoice$/, formPage, "Invoice this deal"],
  [/^#\/settings$/, settingsPage, "Settings"],
  [/^#\/books$/, booksPage, "Books and time"],
];

// Each showing has a signal that ends when the next begins: nobody polls for a page that is gone.
let showing = new AbortController();

async function open() {
  showing.abort();
  showing = new AbortController();
  const { signal } = showing;
  const where = location.hash || "#/";
  drawHead(where);
  const [, page, title] = PAGES.find(([pattern]) => pattern.test(where)) ?? [null, welcome, "Welcome"];
  document.title = `${title} · Duebill sandbox`;
  const root = h("div", {}, h("p", { className: "soft" }, "Loading …"));
  show(main, root);
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
  const [, ...given] = (PAGES.find(([, each]) => each === page)?.[0] ?? /^/).exec(where) ?? [];
  try {
    await page(root, { signal, again: open }, ...given);
  } catch (error) {
    if (!signal.aborted) show(root, failure(error));
  }
}

function drawHead(where) {
  const links = NAV.map(([href, label]) => h("a", { href, "aria-current": where.startsWith(href) ? "page" : null }, label));
  show(document.getElementById("nav"), links);
  const chooser = document.getElementById("person");
  show(chooser, everyone().map((each) => h("option", { value: each.user_id }, `${each.name}${each.installed ? "" : " (not installed)"}`)));
  chooser.value = person().user_id;
}

function failure(error) {
  if (error instanceof Problem && error.code === "not_installed") return installCard(error.message);
  return h("div", {}, note(error.message, "bad"), h("a", { className: "button", href: "#/" }, "To the start"));
}

function installCard(text) {
  return h("section", { className: "card stack" },
    h("h1", {}, `Install Duebill for ${person().name}`),
    h("p", {}, text),
    h("p", {}, "Pipedrive asks for consent on a page of its own. Choose ", h("strong", {}, person().name), " there."),
    h("a", { className: "button act", href: "/install", onclick: rememberInstalled }, "Install"));
}

async function welcome(root) {
  const who = person();
  const next = who.installed ? ["Duebill is installed for this person. Next: connect the books in Settings, then invoice a deal.", null] : [null, true];
  show(root,
    h("h1", {}, "Duebill, in place of Pipedrive"),
    h("p", {}, "This page stands in for the deal view of Pipedrive. The books, the CRM and time are simulated; the app is real."),
    h("section", { className: "card" },
      h("h2", {}, "Who are you?"),
      h("ul", { className: "plain rows" }, everyone().map((each) =>
        h("li", { className: "head" },
          h("span", {}, h("strong", {}, each.name), h("span", { className: "soft" }, ` · ${each.company_name}${each.admin ? ", admin" : ""}${each.installed ? ", installed" : ""}`)),
          each.user_id === who.user_id ? h("span", { className: "chip" }, "You") : h("button", { type: "button", onclick: () => become(each.user_id) }, `Be ${each.name.split(" ")[0]}`))))),
    next[1] ? installCard("Each person installs for themselves.")
      : h("div", { className: "row" }, h("p", {}, next[0]), h("a", { className: "button act", href: "#/settings" }, "Settings"), h("a", { className: "button", href: "#/deals" }, "Deals")));
}

function become(id) {
  choose(id);
  say(`You are ${person().name} now.`);
  open();
}

// The consent page may be answered as anyone: whoever is new afterwards is the person.
const rememberInstalled = () => sessionStorage.setItem("installed", JSON.stringify(installed()));
const installed = () => everyone().filter((each) => each.installed).map((each) => each.user_id);

function welcomeBack() {
  const before = JSON.parse(sessionStorage.getItem("installed") ?? "null");
  sessionStorage.removeItem("installed");
  const fresh = before && installed().find((id) => !before.includes(id));
  if (fresh) choose(fresh);
}

document.getElementById("person").addEventListener("change", (event) => become(event.target.value));
addEventListener("hashchange", open);
await loadPeople();
welcomeBack();
await open();
control("GET", "state").catch(() => say("The sandbox does not answer."));
