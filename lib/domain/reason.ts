import type { Run } from "./run";

/** A person's own words, told from ours. */
export function quoted(words: string): string {
  return `“${words.trim()}”`;
}

/** `Stopped by operator: “lunch”.` @param words the person's; null: none were given */
export function doneBy(deed: string, actor: string, words: string | null): string {
  return words === null ? `${deed} ${actor}.` : `${deed} ${actor}: ${quoted(words)}.`;
}

const NAMED = 3;
const LONGEST_NAME = 80;

/** What a program leaves behind is ended with its run, and the reason says so, for a person who wonders where it went. @param left command lines */
export function withLeftBehind(reason: string, left: readonly string[]): string {
  if (left.length === 0) return reason;
  const what =
    left.length === 1 ? "1 process it had left was ended" : `${left.length} processes it had left were ended`;
  const names = left.slice(0, NAMED).map((name) => name.slice(0, LONGEST_NAME));
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : "";
  return `${reason.replace(/\.$/, "")}; ${what}: ${names.join(", ")}${more}.`;
}

/**
 * Why a run is in its state. What its row holds while it is stopping are the words for its end; until then a stop was only
 * requested.
 */
export function reasonNow({ state, reason }: Pick<Run, "state" | "reason">): string | null {
  if (state !== "stopping" || reason === null) return reason;
  return reason
    .replace(/^Stopped for a restart by /, "Restart requested by ")
    .replace(/^Stopped by /, "Stop requested by ");
}
