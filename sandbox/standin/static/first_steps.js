// What to do first in an empty sandbox; gone once the books are connected and an invoice is made.

import { control, known, me } from "/standin/data.js";
import { button, h, icon, link } from "/standin/dom.js";

export async function firstSteps(again) {
  const { app } = known();
  const who = me();
  const connected = await control("GET", `crm/progress?${new URLSearchParams({ company_id: who.company_id })}`);
  const steps = [
    ["Install Duebill", who.installed, h("a", { href: app.install, className: "button primary" }, "Install")],
    ["Connect the books", connected.connections > 0, link(`/settings/marketplace/app/${app.client_id}/app-settings`, "Connect", { className: "button primary" })],
    ["Invoice a deal", connected.invoices > 0, link("/deal/1", "Open a deal", { className: "button primary" })],
  ];
  const next = steps.findIndex(([, done]) => !done);
  if (next === -1) return null;
  return h("section", { className: "card steps", "aria-labelledby": "first-steps" },
    h("h2", { id: "first-steps" }, "First steps"),
    h("ol", {}, steps.map(([name, done, action], index) =>
      h("li", { className: done ? "done" : "", "aria-current": index === next ? "step" : null },
        h("span", { className: "mark" }, done ? icon("check") : String(index + 1)),
        h("span", {}, name, done && h("span", { className: "unseen" }, " (done)")),
        index === next && action))),
    next < 2 && button("Skip: do both for me", async () => { await control("POST", "crm/ready", { company: who.company_id }); await again(); }, { className: "link" }));
}
