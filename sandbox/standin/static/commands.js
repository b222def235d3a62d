// What a framed page may ask for. What is returned is the reply's data; what is thrown is its error.

import { freshToken, known, modalCalled } from "/standin/data.js";
import { initialised, resize } from "/standin/frames.js";
import { confirm, openModal, snackbar } from "/standin/overlays.js";

export function answerer(go) {
  return async (frame, command, args) => {
    switch (command) {
      case "initialize": return void initialised(frame, args.size);
      case "resize": return void resize(frame, args);
      case "show_snackbar": return void snackbar(text(args, "message"), args.link);
      case "show_confirmation": text(args, "title"); return { confirmed: await confirm(args) };
      case "open_modal": return open(frame, args);
      case "close_modal": return close(frame);
      case "get_signed_token": return { token: await freshToken() };
      case "redirect_to": return redirect(go, args);
      case "get_metadata": return { windowHeight: innerHeight, windowWidth: innerWidth };
      case "show_floating_window": case "hide_floating_window": case "set_notification": case "set_focus_mode":
        throw new Error(`Command ${command} is for floating windows`);
      default: throw new Error("Invalid command");
    }
  };
}

function text(args, name) {
  if (typeof args[name] !== "string" || !args[name]) throw new Error(`Missing ${name}`);
  return args[name];
}

async function open(frame, { type, action_id, data }) {
  if (frame.kind === "modal") throw new Error("A modal is already open");
  if (type !== "custom_modal") {
    snackbar("Pipedrive's own forms are not played here.");
    return { status: "closed" };
  }
  const extension = modalCalled(action_id);
  if (!extension) throw new Error("Modal not found");
  const isText = data === undefined || (data && typeof data === "object" && Object.values(data).every((each) => typeof each === "string"));
  if (!isText) throw new Error("Modal data must be an object of strings");
  return openModal(extension, { dealId: frame.dealId ?? null, data: data ?? null });
}

function close(frame) {
  if (frame.kind !== "modal") throw new Error("Only a custom modal can be closed");
  // After the reply: a port of a frame that is gone tells nobody anything.
  setTimeout(() => frame.onClose());
}

function redirect(go, { view, id }) {
  const { client_id } = known().app;
  const paths = { deals: id ? `/deal/${id}` : "/deals", settings: `/settings/marketplace/app/${client_id}/app-settings` };
  if (!["deals", "leads", "organizations", "contacts", "campaigns", "projects", "settings"].includes(view)) throw new Error("Invalid view");
  if (paths[view]) setTimeout(() => go(paths[view]));
  else snackbar(`Pipedrive would show ${view} here.`);
}
