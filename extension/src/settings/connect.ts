// Connecting happens in a tab of its own: consent pages do not let themselves be framed. This page notices when it is done.

import type { Api } from "../api/client";
import type { ConnectionList } from "../api/types";
import { poll, realClock, type Clock } from "../logic/poll";

const LINK_LASTS = 10 * 60_000;

/** The names of books that work now and did not before. */
export function newlyConnected(before: ConnectionList, now: ConnectionList): string[] {
  const working = (list: ConnectionList) => new Map(list.connections.filter((each) => each.health === "active").map((each) => [each.id, `${each.id} ${each.connected_at}`]));
  const known = working(before);
  return now.connections.filter((each) => working(now).has(each.id) && known.get(each.id) !== working(now).get(each.id)).map((each) => each.name);
}

/** Looks at the connections, now and then and whenever the page is looked at again, until one is new or the link is old. */
export function watch(api: Api, before: ConnectionList, done: (now: ConnectionList, names: string[]) => void, expired: () => void, clock: Clock = realClock): () => void {
  let over = false;
  const look = async (): Promise<"again" | "over"> => {
    const now = await api.get("/connections");
    const names = newlyConnected(before, now);
    if (over || names.length === 0) return over ? "over" : "again";
    end();
    done(now, names);
    return "over";
  };
  const stopPolling = poll(look, clock);
  const cancelExpiry = clock.after(LINK_LASTS, () => { end(); expired(); });
  const seen = () => { if (document.visibilityState === "visible") void look().catch(() => undefined); };
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("focus", seen);
  function end() {
    over = true;
    stopPolling();
    cancelExpiry();
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("focus", seen);
  }
  return end;
}
