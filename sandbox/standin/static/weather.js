// Time, and what goes wrong elsewhere.

import { control, known } from "/standin/data.js";
import { button, h, moment, show } from "/standin/dom.js";
import { snackbar } from "/standin/overlays.js";

const SPANS = [["3 minutes", { seconds: 180 }], ["1 hour", { seconds: 3600 }], ["1 day", { days: 1 }], ["8 days", { days: 8 }], ["30 days", { days: 30 }]];
const MAKE = { quickbooks: "POST /v3/company/[0-9]+/invoice", xero: "(POST|PUT) /api.xro/2.0/Invoices" };
const ANY = { quickbooks: "/v3/company", xero: "/api.xro", pipedrive: "/api/v" };
const FAULTS = [
  ["answers 429: too many calls", (where) => ({ kind: "status", status: 429, where: ANY[where] })],
  ["answers 503: not available", (where) => ({ kind: "status", status: 503, where: ANY[where] })],
  ["takes 5 seconds", (where) => ({ kind: "latency", seconds: 5, where: ANY[where] })],
  ["creates the invoice, and its answer is lost", (where) => MAKE[where] && ({ kind: "drop_after_commit", where: MAKE[where] })],
  ["drops the connection and creates nothing", (where) => MAKE[where] && ({ kind: "drop_before", where: MAKE[where] })],
];
const SYSTEMS = { quickbooks: "QuickBooks", xero: "Xero", pipedrive: "Pipedrive" };

export async function weatherPage(root, { signal, again }) {
  const state = await control("GET", "state");
  if (signal.aborted) return;
  const there = Object.keys(SYSTEMS).filter((each) => state[each]);
  show(root, h("h1", { className: "unseen" }, "Time and faults"), time(state, again), tokens(again), webhooks(again), there.map(faults));
}

function time(state, again) {
  return h("section", { className: "card", "aria-labelledby": "time" },
    h("h2", { id: "time" }, "Time"),
    h("p", {}, "It is ", h("strong", { id: "now" }, moment(state.now)), " for everyone here. Let time pass, and what is due by then is done at once."),
    h("div", { className: "row" }, SPANS.map(([label, span]) => button(`+ ${label}`, async () => {
      const { worked_on } = await control("POST", "clock", span);
      await again();
      snackbar(`${label} later. ${worked_on} pieces of due work were done.`);
    }, { className: "plain" }))));
}

function tokens(again) {
  const life = known().token_life;
  return h("section", { className: "card", "aria-labelledby": "tokens" },
    h("h2", { id: "tokens" }, "Tokens of framed pages"),
    h("p", {}, `Pipedrive's tokens are good for ${life === 300 ? "five minutes" : `${life} seconds`}.`),
    h("div", { className: "row" }, [300, 20, 1].map((seconds) => button(seconds === 300 ? "5 minutes, as they are" : `${seconds} s`, async () => {
      await control("POST", "crm/token_life", { seconds });
      await again();
    }, { className: "plain", "aria-pressed": String(life === seconds) }))));
}

const POST = [["arrive, as they should", 0, 0], ["arrive twice", 0, 1], ["are lost", 1, 0]];

function webhooks(again) {
  const { lost, twice } = known().webhooks;
  return h("section", { className: "card", "aria-labelledby": "webhooks" },
    h("h2", { id: "webhooks" }, "Webhooks of the books …"),
    h("div", { className: "row" }, POST.map(([label, ...shares]) => button(`… ${label}`, async () => {
      await control("POST", "crm/webhooks", { lost: shares[0], twice: shares[1] });
      await again();
    }, { className: "plain", "aria-pressed": String(lost === shares[0] && twice === shares[1]) }))));
}

function faults(system) {
  const set = (fault, times) => control("POST", `${system}/fault`, { ...fault, times });
  return h("section", { className: "card", "aria-labelledby": `faults-${system}` },
    h("h2", { id: `faults-${system}` }, `${SYSTEMS[system]} …`),
    h("ul", { className: "lines" }, FAULTS.map(([label, make]) => [label, make(system)]).filter(([, fault]) => fault).map(([label, fault]) =>
      h("li", {}, h("span", {}, `… ${label}`), h("span", { className: "row" }, [1, 5].map((times) =>
        button(times === 1 ? "Once" : "5 times", async () => {
          await set(fault, times);
          snackbar(`${SYSTEMS[system]} ${label}: ${times === 1 ? "at the next such call" : "at the next five such calls"}.`);
        }, { className: "plain small", "aria-label": `${times === 1 ? "Once" : "5 times"}: ${SYSTEMS[system]} ${label}` })))))));
}
