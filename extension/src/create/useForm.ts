// Opens the form: anew, or as it was before a reload; and follows what was sent from it before.

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Preview } from "../api/types";
import { storage } from "../i18n/languages";
import { newKey } from "../logic/keys";
import { previewer, type PreviewState } from "../logic/preview";
import { booksOf, type Form, openForm } from "./form";
import { keeper } from "./keeping";
import { type Outcome, whatBecame } from "./press";

export interface Opened {
  form: Form | null;
  error: unknown;
  restored: boolean;
  earlier: Outcome | null;
  /** The name of the books that the form is, or was, for. */
  books: string;
  preview: PreviewState<Preview>;
  change: (next: Form) => void;
  /** Without a connection: as the form was asked for. */
  open: (connection?: string | null, instalment?: number | null) => Promise<void>;
  settled: () => Promise<PreviewState<Preview>>;
  forget: () => void;
}

const NOTHING: PreviewState<Preview> = { answer: null, error: null, fresh: false };

/** The invoice that is to be copied, where the form was opened for that. */
export interface Copy {
  connection: string;
  invoice: string;
}

export function useForm(api: Api, deal: number, who: string, copy: Copy | null, onLanguage: (heard: string) => void): Opened {
  const keeping = useMemo(() => keeper(storage("sessionStorage"), who, deal), [who, deal]);
  const [form, setForm] = useState<Form | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [restored, setRestored] = useState(false);
  const [earlier, setEarlier] = useState<Outcome | null>(null);
  const [books, setBooks] = useState("");
  const [preview, setPreview] = useState(NOTHING);
  const previews = useMemo(() => previewer(
    (draft: Form["draft"], signal) => api.ask("post", "/deals/{deal_id}/draft/preview", { path: { deal_id: deal }, body: draft, signal }).then(({ data }) => data),
    setPreview,
  ), [api, deal]);
  useEffect(() => () => previews.stop(), [previews]);

  // What could not be computed is asked for again as soon as there is a connection: nobody has to change something for it.
  const draft = form?.draft;
  useEffect(() => {
    const again = () => { if (draft) previews.change(draft); };
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [draft, previews]);

  const put = useCallback((next: Form) => {
    keeping.keep(next);
    setForm(next);
    setBooks(booksOf(next));
    previews.change(next.draft);
  }, [keeping, previews]);

  const open = useCallback(async (connection?: string | null, instalment?: number | null) => {
    setError(null);
    try {
      const prefill = await api.get("/deals/{deal_id}/draft", { path: { deal_id: deal }, query: connection === undefined && copy ? { connection_id: copy.connection, copy_of: copy.invoice } : { connection_id: connection, instalment_id: instalment } });
      onLanguage(prefill.language);
      setRestored(false);
      put(openForm(prefill, newKey()));
    } catch (failure) {
      setError(failure);
    }
  }, [api, copy, deal, onLanguage, put]);

  useEffect(() => {
    const begin = async () => {
      const kept = keeping.kept();
      if (!kept) return open();
      const became = await whatBecame(api, deal, kept.key);
      if (became && became.kind !== "refused") {
        setBooks(booksOf(kept));
        setEarlier(became);
        return undefined;
      }
      if (!kept.touched || (kept.draft.copy_of ?? null) !== (copy?.invoice ?? null)) return open();
      onLanguage(kept.prefill.language);
      setRestored(true);
      put(became ? { ...kept, key: newKey() } : kept);
      return undefined;
    };
    void begin();
  }, [api, copy, deal, keeping, onLanguage, open, put]);

  const change = useCallback((next: Form) => put(next), [put]);
  return { form, error, restored, earlier, books, preview, change, open, settled: previews.settled, forget: keeping.forget };
}
