import type { StateFacts } from "@/lib/domain/recovery";
import type { ReadState } from "@/lib/services/runs/see-run";

/** A thousand rows of one job mostly mean one checkpoint: it is read once for all of them. */
export function statesOnce(readState: ReadState): ReadState {
  const read = new Map<string, Promise<StateFacts>>();
  return ({ kind, cwd, checkpoint }) => {
    const key = JSON.stringify([kind, cwd, checkpoint]);
    const known = read.get(key) ?? readState({ kind, cwd, checkpoint, left: null });
    read.set(key, known);
    return known;
  };
}
