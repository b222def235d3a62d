// The customer's invoices, page by page, for the frame and status that are chosen.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { CustomerInvoices } from "../api/types";

export interface Chosen {
  from: string;
  status: string;
}

export interface Listed {
  list: CustomerInvoices | null;
  error: unknown;
  loading: boolean;
  more: () => Promise<void>;
  again: () => Promise<void>;
}

export function useInvoices(api: Api, deal: number, { from, status }: Chosen): Listed {
  const [list, setList] = useState<CustomerInvoices | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [loading, setLoading] = useState(true);
  const newest = useRef(0);
  const ask = useCallback(async (before: CustomerInvoices | null) => {
    const mine = ++newest.current;
    setLoading(true);
    try {
      const page = await api.get("/deals/{deal_id}/customer/invoices", { path: { deal_id: deal }, query: { from, status, cursor: before?.cursor } });
      if (mine !== newest.current) return;
      setList(before ? { ...page, invoices: [...before.invoices, ...page.invoices] } : page);
      setError(null);
    } catch (failure) {
      if (mine === newest.current) setError(failure);
    } finally {
      if (mine === newest.current) setLoading(false);
    }
  }, [api, deal, from, status]);
  const again = useCallback(() => ask(null), [ask]);
  useEffect(() => { void again(); }, [again]);
  return { list, error, loading, again, more: () => ask(list) };
}
