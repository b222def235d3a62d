// One framed page of the app: its address, its ten seconds to initialise, its size.

import { asMe, freshToken, theme } from "/standin/data.js";
import { button, h, show } from "/standin/dom.js";
import { forget, register } from "/standin/wire.js";

const SECONDS_TO_INITIALISE = 10;

// kind: panel | modal | settings. `fits` says whether a size may be taken; one that may not is ignored, not clamped.
export async function openFrame(place, extension, { kind, dealId = null, data = null, onClose = null }) {
  const frame = {
    id: crypto.randomUUID(), kind, extension, onClose, place, dealId,
    origin: new URL(extension.url).origin, listeners: new Map(), initialised: false, ended: false,
  };
  frame.element = h("iframe", { title: extension.name, className: "frame", tabIndex: -1 });
  frame.loader = h("div", { className: "loader", role: "status" }, h("span", { className: "spinner" }), h("span", { className: "unseen" }, `${extension.name} is loading`));
  show(place, frame.loader, frame.element);
  place.frame = frame;
  register(frame);
  const address = await addressOf(frame, data);
  if (frame.ended) return;
  frame.element.src = address;
  frame.timer = setTimeout(() => fail(frame, { dealId, data }), SECONDS_TO_INITIALISE * 1000);
}

async function addressOf({ extension, id, dealId }, data) {
  const url = new URL(extension.url);
  const who = asMe();
  const query = { userId: who.get("user_id"), companyId: who.get("company_id"), id, theme: theme(), token: await freshToken() };
  if (dealId !== null) Object.assign(query, { resource: "deal", view: "details", selectedIds: dealId });
  if (data !== null) query.data = JSON.stringify(data);
  Object.entries(query).forEach(([name, value]) => url.searchParams.set(name, value));
  return url.href;
}

export function initialised(frame, size) {
  clearTimeout(frame.timer);
  frame.initialised = true;
  resize(frame, size ?? {});
  frame.loader.remove();
  frame.element.classList.add("shown");
  frame.element.tabIndex = 0;
  if (frame.kind === "modal") frame.element.focus();
}

const LIMITS = {
  panel: { height: () => [100, 750] },
  modal: { height: () => [120, innerHeight], width: () => [320, innerWidth] },
  settings: {},
};

export function resize(frame, size) {
  for (const side of ["height", "width"]) {
    const asked = size[side];
    const limits = LIMITS[frame.kind][side]?.();
    if (typeof asked === "number" && limits && asked >= limits[0] && asked <= limits[1]) frame.place.style[side] = `${asked}px`;
  }
}

export function endFrame(frame) {
  if (!frame || frame.ended) return;
  frame.ended = true;
  clearTimeout(frame.timer);
  forget(frame);
  frame.element.remove();
}

function fail(frame, how) {
  endFrame(frame);
  frame.place.style.height = "";
  show(frame.place, h("div", { className: "failed", role: "alert" },
    h("strong", {}, "Something went wrong"),
    h("p", {}, `${frame.extension.name} did not answer within ${SECONDS_TO_INITIALISE} seconds.`),
    button("Reload", () => openFrame(frame.place, frame.extension, { kind: frame.kind, onClose: frame.onClose, ...how }), { className: "plain" })));
  frame.place.dispatchEvent(new CustomEvent("framefailed"));
}
