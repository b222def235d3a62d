// A menu button: arrow keys inside, Escape closes, the focus goes back.

import { h, icon } from "/standin/dom.js";

let made = 0;

export function menu(label, entries) {
  const id = `menu-${(made += 1)}`;
  const list = h("div", { className: "menu", role: "menu", id, "aria-label": label, hidden: true, onkeydown: move },
    entries.length ? entries.map(([name, work]) => h("button", { type: "button", role: "menuitem", tabIndex: -1, onclick: () => { shut(true); work(); } }, name))
      : h("span", { role: "menuitem", "aria-disabled": "true", tabIndex: -1, className: "soft" }, "No actions"));
  const opener = h("button", { type: "button", className: "icon-button", "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id, onclick: () => (list.hidden ? unfold() : shut(true)) }, icon("more"));
  const holder = h("div", { className: "menu-holder", onfocusout: (event) => { if (!holder.contains(event.relatedTarget)) shut(false); } }, opener, list);
  return holder;

  function unfold() {
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    list.firstElementChild.focus();
  }

  function shut(back) {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (back) opener.focus();
  }

  function move(event) {
    const items = [...list.children];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) items[(next + items.length) % items.length].focus();
    if (event.key === "Escape") shut(true);
    if (next !== undefined || event.key === "Escape") event.preventDefault();
  }
}
