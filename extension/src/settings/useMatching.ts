// Reads the proposals part by part, can be stopped and goes on where it stopped, and applies what was chosen.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Applied, Proposals } from "../api/types";
import { afterwards, AT_ONCE, choose, discarded, merged, pending, wishOf, type Kind, type Named, type Row } from "./matching";

export type Reading = "reading" | "stopped" | "done";

export interface Matching {
  rows: Row[];
  reading: Reading;
  error: unknown;
  /** How many entries of the books were compared, where these are not all. */
  partOf: number | null;
  /** How many of how many were applied, while it goes on. */
  applied: { done: number; count: number } | null;
  stop: () => void;
  goOn: () => void;
  choose: (key: string, chosen: Named | null) => void;
  discard: () => void;
  /** How many were linked, and how many were not. */
  apply: () => Promise<{ linked: number; refused: number }>;
}

async function ask(api: Api, id: string, kind: Kind, cursor: string | null): Promise<Proposals> {
  const sent = { path: { connection_id: id }, query: { cursor } };
  return kind === "items" ? api.get("/connections/{connection_id}/matches/items", sent) : api.get("/connections/{connection_id}/matches/customers", sent);
}

async function put(api: Api, id: string, kind: Kind, rows: Row[]): Promise<Applied> {
  const sent = { path: { connection_id: id }, body: { links: rows.map(wishOf) } };
  const path = kind === "items" ? "/connections/{connection_id}/matches/items" as const : "/connections/{connection_id}/matches/customers" as const;
  return (await api.ask("post", path, sent)).data;
}

export function useMatching(api: Api, connection: string, kind: Kind): Matching {
  const [rows, setRows] = useState<Row[]>([]);
  const [reading, setReading] = useState<Reading>("reading");
  const [error, setError] = useState<unknown>(null);
  const [partOf, setPartOf] = useState<number | null>(null);
  const [applied, setApplied] = useState<Matching["applied"]>(null);
  const cursor = useRef<string | null>(null);
  const run = useRef(0);

  const goOn = useCallback(async () => {
    const mine = ++run.current;
    setError(null);
    setReading("reading");
    try {
      for (;;) {
        const part = await ask(api, connection, kind, cursor.current);
        if (mine !== run.current) return;
        setRows((now) => merged(now, part.rows));
        if (!part.is_whole) setPartOf(part.compared);
        if (part.cursor === null) break;
        cursor.current = part.cursor;
      }
      setReading("done");
    } catch (failure) {
      if (mine !== run.current) return;
      setError(failure);
      setReading("stopped");
    }
  }, [api, connection, kind]);
  useEffect(() => {
    void goOn();
    return () => { run.current += 1; };
  }, [goOn]);

  const apply = async () => {
    const wanted = pending(rows);
    let linked = 0;
    let refused = 0;
    setError(null);
    try {
      for (let start = 0; start < wanted.length; start += AT_ONCE) {
        setApplied({ done: start, count: wanted.length });
        const answer = await put(api, connection, kind, wanted.slice(start, start + AT_ONCE));
        setRows((now) => afterwards(now, answer));
        linked += answer.linked.length;
        refused += answer.kept.length + answer.missing.length;
      }
    } catch (failure) {
      setError(failure); // what was linked is linked; pressing again does the rest
    } finally {
      setApplied(null);
    }
    return { linked, refused };
  };

  return {
    rows, reading, error, partOf, applied, apply,
    stop: () => { run.current += 1; setReading("stopped"); },
    goOn: () => void goOn(),
    choose: (key, chosen) => setRows((now) => choose(now, key, chosen)),
    discard: () => setRows(discarded),
  };
}
