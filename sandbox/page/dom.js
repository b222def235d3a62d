// Elements from data: text is always text, never HTML.

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !["list", "form", "type"].includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const show = (where, ...children) => where.replaceChildren(...children.flat(Infinity).filter(Boolean));

let fading;
export function say(text) {
  const said = document.getElementById("said");
  said.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (said.textContent = ""), 6000);
}

export const field = (label, input, className = "") => h("label", { className }, label, input);

export const check = (label, checked, onchange) =>
  h("label", { className: "check" }, h("input", { type: "checkbox", checked, onchange: (event) => onchange(event.target.checked) }), label);

export function select(options, value, onchange, props = {}) {
  const made = h("select", { ...props, onchange: (event) => onchange(event.target.value) });
  made.append(...options.map(([key, label]) => h("option", { value: key }, label)));
  made.value = value ?? "";
  return made;
}

// A button that cannot be pressed again while it works, and that says what went wrong.
export function button(label, work, props = {}) {
  const made = h("button", { type: "button", ...props }, label);
  made.addEventListener("click", async () => {
    made.disabled = true;
    made.ariaBusy = "true";
    try {
      await work();
    } catch (error) {
      say(error.message);
    } finally {
      made.disabled = false;
      made.ariaBusy = null;
    }
  });
  return made;
}

export function money({ amount, currency }) {
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(amount);
}

export const day = (text) => (text ? new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(new Date(`${text}T12:00`)) : "–");

export const moment = (text) =>
  text ? new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text)) : "never";

const WORDS = {
  partially_paid: "Partially paid",
  awaiting_approval: "Awaiting approval",
  being_created: "Being created",
  needs_you: "Needs you",
};
export const words = (status) => WORDS[status] ?? status.charAt(0).toUpperCase() + status.slice(1);
export const chip = (status) => h("span", { className: `chip ${status}` }, words(status));

export const note = (text, kind = "") => h("p", { className: `note ${kind}` }, text);

// Asks in a dialog; true for yes.
export function ask(title, text, yes) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-label": title, onclose: () => { resolve(dialog.returnValue === "yes"); dialog.remove(); } },
      h("form", { method: "dialog", className: "stack" },
        h("h2", {}, title), h("p", {}, text),
        h("div", { className: "row" },
          h("button", { className: "act", value: "yes" }, yes),
          h("button", { value: "no", autofocus: true }, "No, go back"))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
