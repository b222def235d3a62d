// Many links at once: what is proposed, what the person has chosen, what is still to be applied.

import type { Applied, Proposal } from "../api/types";

export type Kind = "items" | "customers";
export type Group = "sure" | "unsure" | "none" | "linked";
export interface Named { id: string; name: string }

export interface Row extends Proposal {
  chosen: Named | null;
  /** Whether the person has chosen, so that nothing that is read later changes it. */
  touched: boolean;
  /** Why it was not linked when it should have been. */
  said: "kept" | "missing" | null;
}

export const AT_ONCE = 100;
const RANK = { sure: 2, unsure: 1, none: 0 };

/** A sure proposal is taken at once; an unsure one waits for the person, a link that is there stays. */
export const begun = (row: Proposal): Row => ({ ...row, chosen: row.linked ?? (row.certainty === "sure" ? row.proposals[0] ?? null : null), touched: false, said: null });

/** The rows with another part of the list. One that comes again replaces the first where it knows more. */
export function merged(rows: readonly Row[], more: readonly Proposal[]): Row[] {
  const all = new Map(rows.map((row) => [row.key, row]));
  for (const each of more) {
    const known = all.get(each.key);
    if (!known || (!known.touched && RANK[each.certainty] > RANK[known.certainty])) all.set(each.key, begun(each));
  }
  return [...all.values()];
}

export const choose = (rows: readonly Row[], key: string, chosen: Named | null): Row[] => rows.map((row) => (row.key === key ? { ...row, chosen, touched: true, said: null } : row));

/** Nothing but what is linked already. */
export const discarded = (rows: readonly Row[]): Row[] => rows.map((row) => ({ ...row, chosen: row.linked, touched: true, said: null }));

export const groupOf = (row: Row): Group => (row.linked ? "linked" : row.certainty);

export const pending = (rows: readonly Row[]): Row[] => rows.filter((row) => row.chosen !== null && row.chosen.id !== row.linked?.id);

export const wishOf = ({ key, chosen, linked }: Row): { key: string; entry: string; over: string | null } => ({ key, entry: chosen?.id ?? "", over: linked?.id ?? null });

/** The rows after an answer: what was not linked shows why, and what it is linked to instead. */
export function afterwards(rows: readonly Row[], { linked, kept, missing }: Applied): Row[] {
  const done = new Set(linked);
  const gone = new Set(missing);
  const other = new Map(kept.map((each) => [each.key, each.linked]));
  return rows.map((row) => {
    const now = other.get(row.key);
    if (done.has(row.key)) return { ...row, linked: row.chosen, said: null };
    if (now) return { ...row, linked: now, chosen: now, said: "kept" };
    return gone.has(row.key) ? { ...row, chosen: row.linked, said: "missing" } : row;
  });
}
