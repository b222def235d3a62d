// What is to be known before an invoice goes out by e-mail: the invoice, and how the books would send it.

import { useCallback, useEffect, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Invoice, MailTerms } from "../api/types";

/** An invoice by its ids, as the API's addresses name it. */
export interface Place extends Record<string, string | number> {
  deal_id: number;
  connection_id: string;
  invoice_id: string;
}

export interface Known {
  invoice: Invoice;
  providerName: string;
  terms: MailTerms;
}

export function useMail(api: Api, place: Place, onLanguage: (heard: string) => void) {
  const [known, setKnown] = useState<Known | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { deal_id, connection_id, invoice_id } = place;
  const ask = useCallback(async () => {
    setError(null);
    try {
      const path = { deal_id, connection_id, invoice_id };
      const [panel, terms] = await Promise.all([
        api.get("/deals/{deal_id}/invoices", { path: { deal_id } }),
        api.get("/deals/{deal_id}/invoices/{connection_id}/{invoice_id}/email", { path }),
      ]);
      const invoice = panel.invoices.find((each) => each.connection_id === connection_id && each.id === invoice_id);
      if (!invoice) throw new Error("The panel has no such invoice.");
      onLanguage(panel.language);
      setKnown({ invoice, terms, providerName: panel.books.find((each) => each.id === connection_id)?.provider_name ?? "" });
    } catch (failure) {
      setError(failure);
    }
  }, [api, deal_id, connection_id, invoice_id, onLanguage]);
  useEffect(() => { void ask(); }, [ask]);
  return { known, error, ask };
}
