// What lies over the page: modals of the app, Pipedrive's confirmation, its snackbars.

import { button, h, icon, show } from "/standin/dom.js";
import { endFrame, openFrame } from "/standin/frames.js";
import { all, push } from "/standin/wire.js";

const DEFAULT_SIZE = [800, 640];

// Open one of the app's pages over everything else; resolves when it is closed.
export function openModal(extension, { dealId, data }) {
  return new Promise((done) => {
    const place = h("div", { className: "modal-body" });
    place.style.width = `${Math.min(DEFAULT_SIZE[0], innerWidth)}px`;
    place.style.height = `${Math.min(DEFAULT_SIZE[1], innerHeight)}px`;
    const shut = () => {
      end(dialog);
      endFrame(place.frame);
      done({ status: "closed" });
      all().filter((each) => each.kind !== "modal").forEach((each) => push(each, "close_custom_modal"));
    };
    const dialog = h("dialog", { className: "modal", "aria-label": extension.name, oncancel: (event) => { event.preventDefault(); shut(); } },
      h("div", { className: "modal-head" }, h("h2", {}, extension.name),
        h("button", { type: "button", className: "icon-button", "aria-label": "Close", onclick: shut }, icon("close"))),
      place);
    document.body.append(dialog);
    dialog.showModal();
    openFrame(place, extension, { kind: "modal", dealId, data, onClose: shut });
  });
}

// Snackbars lie in the topmost dialog: what is outside of an open one is behind it, and silent.
function house() {
  const open = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const bars = document.getElementById("snackbars");
  if (bars.parentElement !== open) open.append(bars);
  return bars;
}

function end(dialog) {
  dialog.close();
  house();
  dialog.remove();
}

const COLOURS = { primary: "primary", secondary: "plain", negative: "negative" };

export function confirm({ title, description, okText = "OK", cancelText = "Cancel", okColor = "negative" }) {
  return new Promise((done) => {
    const answer = (confirmed) => { end(dialog); done(confirmed); };
    const dialog = h("dialog", { className: "ask", role: "alertdialog", "aria-labelledby": "ask-title", oncancel: (event) => { event.preventDefault(); answer(false); } },
      h("h2", { id: "ask-title" }, title),
      description && h("p", {}, description),
      h("div", { className: "ask-row" },
        h("button", { type: "button", className: "plain", onclick: () => answer(false) }, cancelText),
        h("button", { type: "button", className: COLOURS[okColor] ?? "negative", onclick: () => answer(true) }, okText)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

const SECONDS_SHOWN = 6;

export function snackbar(message, link) {
  const bar = h("div", { className: "snackbar" }, h("span", {}, message),
    link && h("a", { href: link.url, target: "_blank", rel: "noopener" }, link.label));
  show(house(), bar);
  setTimeout(() => bar.remove(), SECONDS_SHOWN * 1000);
}

// A question of the stand-in's own, with fields; null where the person cancels.
export function form(title, fields, okText) {
  return new Promise((done) => {
    const inputs = Object.fromEntries(fields.map((each) => [each.name, h("input", { id: `ask-${each.name}`, type: each.type ?? "text", value: each.value ?? "", required: true, inputMode: each.inputMode })]));
    const answer = (given) => { end(dialog); done(given); };
    const dialog = h("dialog", { className: "ask", "aria-labelledby": "ask-title", oncancel: (event) => { event.preventDefault(); answer(null); } },
      h("form", { onsubmit: (event) => { event.preventDefault(); answer(Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]))); } },
        h("h2", { id: "ask-title" }, title),
        fields.map((each) => h("label", { htmlFor: `ask-${each.name}` }, each.label, inputs[each.name])),
        h("div", { className: "ask-row" },
          h("button", { type: "button", className: "plain", onclick: () => answer(null) }, "Cancel"),
          h("button", { className: "primary" }, okText))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

addEventListener("said", (event) => snackbar(event.detail.message));
