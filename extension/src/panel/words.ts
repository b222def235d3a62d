// Words that the panel seldom needs: those for what went wrong. Fetched before the first of them is said.

import { language, learn } from "../i18n";
import { loader } from "../i18n/loading";

const load = loader(import.meta.glob<{ default: Record<string, unknown> }>("../locales/*/problems.json"));
const learnt = new Set<string>();

export async function learnProblems(): Promise<void> {
  const spoken = language();
  if (learnt.has(spoken)) return;
  try {
    learn(spoken, await load(spoken));
    learnt.add(spoken);
  } catch {
    // Without a connection the server's own sentence has to do.
  }
}
