// Ask again and again, ever more slowly, until there is nothing to wait for.

export interface Clock {
  after(milliseconds: number, work: () => void): () => void;
}

export const realClock: Clock = {
  after(milliseconds, work) {
    const waiting = setTimeout(work, milliseconds);
    return () => clearTimeout(waiting);
  },
};

const FIRST = 1_500;
const LONGEST = 30_000;
const FACTOR = 1.5;

/** Runs `ask` until it says that all is over or until told to stop. A failure is a reason to ask later, not to end. */
export function poll(ask: () => Promise<"again" | "over">, clock: Clock = realClock): () => void {
  let wait = FIRST;
  let stopped = false;
  let cancel: () => void = () => undefined;
  const next = () => {
    cancel = clock.after(wait, () => {
      wait = Math.min(wait * FACTOR, LONGEST);
      ask().then((said) => { if (said === "again" && !stopped) next(); }, () => { if (!stopped) next(); });
    });
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
}
