// Which page is shown, and for whom.

import { answerer } from "/standin/commands.js";
import { control, known, load, me, signIn, theme } from "/standin/data.js";
import { h, icon, link, show } from "/standin/dom.js";
import { booksPage } from "/standin/books.js";
import { dealPage } from "/standin/deal.js";
import { dealsPage } from "/standin/deals.js";
import { endFrame } from "/standin/frames.js";
import { appSettingsPage, marketplacePage } from "/standin/settings.js";
import { weatherPage } from "/standin/weather.js";
import { all, listen, push } from "/standin/wire.js";

const main = document.getElementById("main");
const PAGES = [
  [/^\/deals$/, dealsPage, "Deals"],
  [/^\/deal\/(\d+)$/, dealPage, "Deal"],
  [/^\/settings\/marketplace\/app\/[^/]+\/app-settings$/, appSettingsPage, "Tools and apps"],
  [/^\/settings.*$/, marketplacePage, "Tools and apps"],
  [/^\/books$/, booksPage, "The books"],
  [/^\/weather$/, weatherPage, "Time and faults"],
];
const RAIL = [
  ["/deals", "Deals", "deals", /^\/deals?(\/|$)/],
  ["/settings/marketplace", "Tools and apps", "settings", /^\/settings/],
  ["/books", "The books", "books", /^\/books/],
  ["/weather", "Time and faults", "weather", /^\/weather/],
];

let showing = new AbortController();

export function go(path) {
  history.pushState(null, "", path);
  open();
}

async function open() {
  showing.abort();
  showing = new AbortController();
  const { signal } = showing;
  all().forEach(endFrame);
  document.querySelectorAll("dialog").forEach((each) => each.remove());
  await load();
  if (signal.aborted) return;
  const [pattern, page, title] = PAGES.find(([each]) => each.test(location.pathname)) ?? PAGES[0];
  document.title = `${title} · Pipedrive (simulated)`;
  drawRail();
  drawTop(title);
  const root = h("div", { className: "page" });
  show(main, root);
  scrollTo(0, 0);
  try {
    await page(root, { signal, go, again: open }, ...(pattern.exec(location.pathname) ?? []).slice(1));
  } catch (error) {
    if (!signal.aborted) show(root, h("section", { className: "card alone", role: "alert" }, h("h1", {}, "This cannot be shown"), h("p", {}, error.message), link("/deals", "All deals")));
  }
}

function drawRail() {
  show(document.getElementById("rail"), RAIL.map(([path, label, sign, pattern]) =>
    link(path, [icon(sign), h("span", {}, label)], { "aria-current": pattern.test(location.pathname) ? "page" : null })));
}

function drawTop(title) {
  const { users, languages } = known();
  const who = me();
  show(document.getElementById("top"),
    h("span", { className: "where" }, title, h("span", { className: "badge" }, "Sandbox")),
    h("label", {}, h("span", {}, "Language"), h("select", { id: "language", onchange: (event) => speak(event.target.value) },
      Object.entries(languages).map(([code, name]) => h("option", { value: code, selected: code === who.language }, name)))),
    h("label", {}, h("span", {}, "Signed in as"), h("select", { id: "person", onchange: (event) => become(users[Number(event.target.value)]) },
      users.map((each, index) => h("option", { value: index, selected: each === who }, `${each.name}${each.admin ? ", admin" : ""} · ${each.company}`)))),
    h("button", { type: "button", className: "icon-button", id: "theme", "aria-pressed": String(theme() === "dark"), "aria-label": "Dark theme", title: "Dark theme", onclick: switchTheme }, icon(theme() === "dark" ? "light" : "dark")));
}

function switchTheme() {
  const chosen = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = chosen;
  localStorage.setItem("theme", chosen);
  all().forEach((each) => push(each, "user_settings_change", { theme: chosen }));
  const pressed = document.getElementById("theme");
  pressed.setAttribute("aria-pressed", String(chosen === "dark"));
  show(pressed, icon(chosen === "dark" ? "light" : "dark"));
}

async function speak(language) {
  const who = me();
  await control("POST", "crm/language", { company_id: who.company_id, user_id: who.id, language });
  await open();
  document.getElementById("language").focus();
}

async function become(user) {
  signIn(user);
  await open();
  document.getElementById("person").focus();
}

document.addEventListener("click", (event) => {
  const followed = event.target.closest?.("a[data-inside]");
  if (!followed || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(followed.getAttribute("href"));
  main.focus({ preventScroll: true });
});
addEventListener("popstate", open);
listen(answerer(go));
await open();
