// Pipedrive around us, through its SDK. Everything that is known of the surroundings comes through here.

import AppExtensionsSDK, { Command, Color, Event, Modal, View } from "@pipedrive/app-extensions-sdk";

export type Theme = "light" | "dark";

export interface Question {
  title: string;
  description?: string;
  ok: string;
  cancel: string;
  danger?: boolean;
}

export interface Host {
  token: () => Promise<string>;
  resize: (height: number) => void;
  say: (message: string, link?: { url: string; label: string }) => void;
  ask: (question: Question) => Promise<boolean>;
  openModal: (data: Record<string, string>) => Promise<void>;
  closeModal: () => void;
  openSettings: () => void;
  onTheme: (listener: (theme: Theme) => void) => void;
  onModalClosed: (listener: () => void) => void;
}

/** The modals' names in Pipedrive's Developer Hub, which stand for their ids there and are what Pipedrive writes above them. */
const FORM = "Invoice this deal";
const INVOICES = "Duebill invoices";

const ignore = () => undefined;

/** The SDK, initialised: Pipedrive shows no frame that takes longer than ten seconds, so nothing else comes before this. */
export async function openHost(size: { height: number; width?: number }): Promise<Host> {
  const sdk = await new AppExtensionsSDK().initialize({ size });
  return {
    token: async () => (await sdk.execute(Command.GET_SIGNED_TOKEN)).token,
    resize: (height) => void sdk.execute(Command.RESIZE, { height }).catch(ignore),
    say: (message, link) => void sdk.execute(Command.SHOW_SNACKBAR, link ? { message, link } : { message }).catch(ignore),
    async ask({ title, description, ok, cancel, danger }) {
      const color = danger ? Color.NEGATIVE : Color.PRIMARY;
      const given = { title, okText: ok, cancelText: cancel, okColor: color, ...(description ? { description } : {}) };
      return (await sdk.execute(Command.SHOW_CONFIRMATION, given)).confirmed;
    },
    async openModal(data) {
      await sdk.execute(Command.OPEN_MODAL, { type: Modal.CUSTOM_MODAL, action_id: data["view"] === "create" ? FORM : INVOICES, data });
    },
    closeModal: () => void sdk.execute(Command.CLOSE_MODAL).catch(ignore),
    openSettings: () => void sdk.execute(Command.REDIRECT_TO, { view: View.SETTINGS }).catch(ignore),
    // The SDK's own copy of the theme is broken after the first change; what the listener hears is right.
    onTheme: (listener) => void sdk.listen(Event.USER_SETTINGS_CHANGE, ({ data }) => listener(String(data?.theme) === "dark" ? "dark" : "light")),
    onModalClosed: (listener) => void sdk.listen(Event.CLOSE_CUSTOM_MODAL, listener),
  };
}
