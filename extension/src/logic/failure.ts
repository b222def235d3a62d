// What a failed call means for a page: which of its designed states to show.

import { NoAnswer, Problem } from "../api/client";

export type Failure =
  | { kind: "not_connected" }
  | { kind: "not_installed" }
  | { kind: "not_allowed"; manager: string; admin: boolean }
  | { kind: "hidden" }
  | { kind: "no_answer" }
  | { kind: "other"; problem: Problem | null; message: string };

export function failureOf(error: unknown): Failure {
  if (error instanceof NoAnswer) return { kind: "no_answer" };
  if (!(error instanceof Problem)) return { kind: "other", problem: null, message: error instanceof Error ? error.message : String(error) };
  switch (error.code) {
    case "not_connected":
      return { kind: "not_connected" };
    case "not_installed":
      return { kind: "not_installed" };
    case "not_allowed":
      return { kind: "not_allowed", manager: error.values["manager"] ?? "", admin: error.values["may_take_over"] === "yes" };
    default:
      return error.status === 404 ? { kind: "hidden" } : { kind: "other", problem: error, message: error.message };
  }
}
