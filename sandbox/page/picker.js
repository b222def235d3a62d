// Search as you type, for customers and items.

import { later, read } from "/page/api.js";
import { h, show } from "/page/dom.js";

// `path` is asked with ?query=; `line` makes the text of a hit; `extra` are further choices: [label, act].
export function picker({ label, path, line, onpick, extra = [], suggested = [] }) {
  const found = h("ul", { className: "found", hidden: true });
  const input = h("input", { type: "search", autocomplete: "off", oninput: later(search, 250), onfocus: () => draw(suggested), onkeydown: keys });
  const root = h("div", { onfocusout: (event) => { if (!root.contains(event.relatedTarget)) found.hidden = true; } }, h("label", {}, label, input), found);
  let asked = 0;

  async function search() {
    const text = input.value.trim();
    const mine = ++asked;
    if (!text) return draw(suggested);
    const hits = await read(`${path}?query=${encodeURIComponent(text)}`).catch(() => []);
    if (mine === asked) draw(hits);
  }

  function draw(hits) {
    show(found,
      hits.map((hit) => h("li", {}, h("button", { type: "button", onclick: () => pick(() => onpick(hit)) }, line(hit)))),
      extra.map(([text, act]) => h("li", {}, h("button", { type: "button", onclick: () => pick(() => act(input.value.trim())) }, text))),
      hits.length + extra.length === 0 && h("li", { className: "soft small" }, input.value ? "Nothing found" : "Type to search"));
    found.hidden = false;
  }

  function pick(act) {
    found.hidden = true;
    act();
  }

  function keys(event) {
    if (event.key === "ArrowDown") found.querySelector("button")?.focus();
    if (event.key === "Escape") found.hidden = true;
  }

  found.addEventListener("keydown", (event) => {
    const buttons = [...found.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "ArrowDown") buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
    if (event.key === "ArrowUp") (buttons[at - 1] ?? input).focus();
    if (event.key === "Escape") { found.hidden = true; input.focus(); }
  });
  root.focusInput = () => input.focus();
  return root;
}
