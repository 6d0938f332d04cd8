import type { Run } from "./run";

/** A person's own words, told from ours. */
export function quoted(words: string): string {
  return `“${words.trim()}”`;
}

/** `Stopped by operator: “lunch”.` @param words the person's; null: none were given */
export function doneBy(deed: string, actor: string, words: string | null): string {
  return words === null ? `${deed} ${actor}.` : `${deed} ${actor}: ${quoted(words)}.`;
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
