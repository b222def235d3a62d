// Tools and apps: the marketplace's list of apps, and the app's own settings in a frame.

import { control, extension, known, me } from "/standin/data.js";
import { button, h, link, show } from "/standin/dom.js";
import { openFrame } from "/standin/frames.js";
import { confirm } from "/standin/overlays.js";

export async function marketplacePage(root, { again }) {
  const { app } = known();
  const who = me();
  show(root, h("section", { className: "card" },
    h("h1", {}, "Marketplace apps"),
    h("div", { className: "app-row" },
      h("span", { className: "app-logo", "aria-hidden": "true" }, "D"),
      h("div", {}, h("strong", {}, app.name), h("p", { className: "soft" }, who.installed ? `Installed by ${who.name}` : "Deals become invoices, and their status stays true in the deal.")),
      who.installed
        ? [link(settingsPath(), "Settings", { className: "button plain" }), button("Uninstall", () => uninstall(who, again), { className: "plain" })]
        : h("a", { href: app.install, className: "button primary" }, "Install"))));
}

const settingsPath = () => `/settings/marketplace/app/${known().app.client_id}/app-settings`;

async function uninstall(who, again) {
  const sure = await confirm({ title: `Uninstall ${known().app.name}?`, description: `For ${who.name} only. The app is told.`, okText: "Uninstall" });
  if (!sure) return;
  await control("POST", "pipedrive/uninstall", { company_id: who.company_id, user_id: who.id });
  await again();
}

export async function appSettingsPage(root, how) {
  const { app } = known();
  if (!me().installed) return marketplacePage(root, how);
  const place = h("div", { className: "settings-body" });
  show(root,
    h("nav", { className: "crumbs", "aria-label": "You are here" }, link("/settings/marketplace", "Marketplace apps"), h("span", {}, ` › ${app.name}`)),
    h("h1", { className: "unseen" }, `${app.name} settings`),
    h("section", { className: "card flush", "aria-label": `${app.name} settings` }, place));
  await openFrame(place, extension("settings"), { kind: "settings" });
}
