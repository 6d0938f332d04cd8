import type { RunSpec } from "@/lib/domain/job";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { readStateOf } from "@/lib/kinds/checkpoint";

export type ReadState = (spec: Pick<RunSpec, "kind" | "cwd" | "checkpoint">) => CheckpointFacts;

/** A thousand rows of one job mostly mean one checkpoint: it is read once for all of them. */
export function stateReader(): ReadState {
  const read = new Map<string, CheckpointFacts>();
  return ({ kind, cwd, checkpoint }) => {
    const key = JSON.stringify([kind, cwd, checkpoint]);
    const known = read.get(key) ?? readStateOf({ kind, cwd, checkpoint });
    read.set(key, known);
    return known;
  };
}
