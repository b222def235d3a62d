// Small helpers to make elements.

const PROPERTIES = new Set(["className", "value", "disabled", "hidden", "checked", "selected", "htmlFor", "inputMode", "tabIndex"]);

export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

export function show(place, ...children) {
  place.replaceChildren(...children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false));
  return place;
}

const PATHS = {
  deals: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v10m3-7.5c0-1.4-1.3-2-3-2s-3 .8-3 2.2 1.2 1.9 3 2.3 3 .9 3 2.4-1.3 2.1-3 2.1-3-.7-3-2.1",
  settings: "M4 7h10m4 0h2M4 17h2m4 0h10M16 5v4M8 15v4",
  books: "M5 4h10l4 4v12H5Zm3 6h8M8 14h8M8 18h5",
  weather: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 4v4l3 2",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "m6 6 12 12M18 6 6 18",
  down: "m6 9 6 6 6-6",
  organization: "M5 20V5h9v15M14 10h5v10M8 9h3M8 13h3M3 20h18",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c0-3.5 3-6 7-6s7 2.5 7 6",
  calendar: "M5 6h14v14H5ZM5 10h14M9 4v4m6-4v4",
  light: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0-5v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4",
  dark: "M19 14.5A7.5 7.5 0 0 1 9.5 5 7.5 7.5 0 1 0 19 14.5Z",
  check: "m5 12 5 5 9-10",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", name === "more" ? "icon dots" : "icon");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

// A button that cannot be pressed twice while its work goes on; what went wrong is said.
export function button(label, work, props = {}) {
  return h("button", {
    type: "button", ...props,
    onclick: async (event) => {
      const pressed = event.currentTarget;
      if (pressed.getAttribute("aria-busy") === "true") return;
      pressed.setAttribute("aria-busy", "true");
      try {
        await work(event);
      } catch (error) {
        dispatchEvent(new CustomEvent("said", { detail: { message: error.message } }));
      } finally {
        pressed.removeAttribute("aria-busy");
      }
    },
  }, label);
}

export function link(href, label, props = {}) {
  return h("a", { href, "data-inside": true, ...props }, label);
}

export function money(amount, currency) {
  try {
    return new Intl.NumberFormat("en-GB", { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(Number(amount));
  } catch {
    return `${Number(amount).toLocaleString("en-GB")} ${currency}`;
  }
}

export const day = (text) => text ? new Date(`${text.slice(0, 10)}T12:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" }) : "";

export const moment = (text) => new Date(text).toLocaleString("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
