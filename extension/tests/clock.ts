import type { Clock } from "../src/logic/poll";

/** A clock whose time passes when it is told to. */
export class HandClock implements Clock {
  now = 0;
  private waiting: { at: number; work: () => void }[] = [];

  after(milliseconds: number, work: () => void) {
    const entry = { at: this.now + milliseconds, work };
    this.waiting.push(entry);
    return () => { this.waiting = this.waiting.filter((each) => each !== entry); };
  }

  async pass(milliseconds: number) {
    const until = this.now + milliseconds;
    for (;;) {
      const next = this.waiting.filter((each) => each.at <= until).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      this.waiting = this.waiting.filter((each) => each !== next);
      this.now = next.at;
      next.work();
      await new Promise((done) => { setTimeout(done, 0); });
    }
    this.now = until;
  }
}
