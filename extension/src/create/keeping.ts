// A form outlives a reload of its page, and is forgotten once it has become an invoice.

import type { Form } from "./form";

const VERSION = 2; // of what a form is made of: one that an older page kept is left alone

export interface Keeper {
  keep: (form: Form) => void;
  kept: () => Form | null;
  forget: () => void;
}

/** `who`: the company and person that the frame was opened for, so that a colleague's form is nobody else's. */
export function keeper(store: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null, who: string, deal: number): Keeper {
  const place = `duebill.form/${who}/${deal}`;
  return {
    keep(form) {
      try {
        store?.setItem(place, JSON.stringify({ v: VERSION, form }));
      } catch {
        // Full or forbidden: then a reload loses what was typed, and the key with it, before anything was sent.
      }
    },
    kept() {
      try {
        const read = JSON.parse(store?.getItem(place) ?? "null") as { v: number; form: Form } | null;
        return read?.v === VERSION ? read.form : null;
      } catch {
        return null;
      }
    },
    forget: () => store?.removeItem(place),
  };
}
