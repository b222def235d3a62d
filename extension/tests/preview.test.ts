import { expect, test } from "vitest";
import { previewer, type PreviewState } from "../src/logic/preview";
import { HandClock } from "./clock";

function desk() {
  const clock = new HandClock();
  const asked: { draft: string; signal: AbortSignal; answer: (total: string) => void; fail: (error: Error) => void }[] = [];
  const states: PreviewState<string>[] = [];
  const previews = previewer<string, string>((draft, signal) => new Promise((answer, fail) => { asked.push({ draft, signal, answer, fail }); }), (state) => states.push(state), clock);
  const last = () => states.at(-1);
  const settle = () => new Promise((done) => { setTimeout(done, 0); });
  return { clock, asked, previews, last, settle };
}

test("the first preview is asked for at once, later ones after a pause in the typing", async () => {
  const { clock, asked, previews, settle } = desk();
  previews.change("a");
  await clock.pass(0);
  expect(asked.map(({ draft }) => draft)).toEqual(["a"]);
  asked[0]?.answer("1");
  await settle();
  previews.change("ab");
  await clock.pass(300);
  previews.change("abc");
  await clock.pass(300);
  expect(asked).toHaveLength(1);
  await clock.pass(60);
  expect(asked.map(({ draft }) => draft)).toEqual(["a", "abc"]);
});

test("an answer to what was typed before is never shown, and its question is given up", async () => {
  const { clock, asked, previews, last, settle } = desk();
  previews.change("old");
  await clock.pass(0);
  previews.change("new");
  await clock.pass(400);
  expect(asked[0]?.signal.aborted).toBe(true);
  asked[1]?.answer("new total");
  await settle();
  asked[0]?.answer("old total");
  await settle();
  expect(last()).toEqual({ answer: "new total", error: null, fresh: true });
});

test("while a new answer is awaited the last one stays, marked as not fresh", async () => {
  const { clock, asked, previews, last, settle } = desk();
  previews.change("a");
  await clock.pass(0);
  asked[0]?.answer("1");
  await settle();
  previews.change("b");
  expect(last()).toEqual({ answer: "1", error: null, fresh: false });
});

test("who waits is told when the newest draft has its answer, or its failure", async () => {
  const { clock, asked, previews, settle } = desk();
  previews.change("a");
  const told: unknown[] = [];
  void previews.settled().then((state) => told.push(state.answer ?? (state.error as Error).message));
  await clock.pass(0);
  previews.change("b");
  await clock.pass(400);
  expect(told).toEqual([]);
  asked[1]?.fail(new Error("offline"));
  await settle();
  expect(told).toEqual(["offline"]);
  expect((await previews.settled()).fresh).toBe(true);
});
