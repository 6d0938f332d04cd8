import type { Machine } from "@/lib/domain/ports/host";
import type { StateFacts } from "@/lib/domain/recovery";

/** A thousand rows of one job mostly mean one checkpoint: it is read once for all of them. */
export function statesOnce(readState: Machine["readState"]): Machine["readState"] {
  const read = new Map<string, Promise<StateFacts>>();
  return ({ kind, cwd, checkpoint, runAs }) => {
    const key = JSON.stringify([kind, cwd, checkpoint, runAs]);
    const known = read.get(key) ?? readState({ kind, cwd, checkpoint, runAs, left: null });
    read.set(key, known);
    return known;
  };
}
