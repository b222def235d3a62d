// Totals while typing: asked for after a pause, one question at a time, and an answer counts only for what is still there.

import type { Clock } from "./poll";
import { realClock } from "./poll";

export interface PreviewState<Answer> {
  /** The last answer, kept on the page while a newer one is awaited, so that nothing jumps. */
  answer: Answer | null;
  error: unknown;
  /** Whether `answer` is for what the form holds now. */
  fresh: boolean;
}

export interface Previewer<Draft, Answer> {
  change: (draft: Draft) => void;
  /** Waits until the state is that of the newest draft. */
  settled: () => Promise<PreviewState<Answer>>;
  stop: () => void;
}

const PAUSE = 350;

export function previewer<Draft, Answer>(
  ask: (draft: Draft, signal: AbortSignal) => Promise<Answer>,
  show: (state: PreviewState<Answer>) => void,
  clock: Clock = realClock,
): Previewer<Draft, Answer> {
  let state: PreviewState<Answer> = { answer: null, error: null, fresh: false };
  let newest = 0;
  let running: AbortController | null = null;
  let cancel: () => void = () => undefined;
  let waiting: ((state: PreviewState<Answer>) => void)[] = [];

  const put = (next: PreviewState<Answer>) => {
    state = next;
    show(state);
    if (!state.fresh) return;
    const told = waiting;
    waiting = [];
    told.forEach((tell) => tell(state));
  };

  const run = async (draft: Draft, mine: number) => {
    running = new AbortController();
    try {
      const answer = await ask(draft, running.signal);
      if (mine === newest) put({ answer, error: null, fresh: true });
    } catch (error) {
      if (mine === newest) put({ answer: state.answer, error, fresh: true });
    }
  };

  return {
    change(draft) {
      const mine = ++newest;
      cancel();
      running?.abort();
      put({ ...state, fresh: false });
      cancel = clock.after(state.answer === null && state.error === null ? 0 : PAUSE, () => void run(draft, mine));
    },
    settled: () => (state.fresh ? Promise.resolve(state) : new Promise((tell) => { waiting.push(tell); })),
    stop() {
      newest += 1;
      cancel();
      running?.abort();
    },
  };
}
