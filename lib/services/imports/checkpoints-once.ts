import { resolvePath } from "@/lib/domain/paths";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { readCheckpoint } from "@/lib/kinds/checkpoint";

export type ReadCheckpoint = (cwd: string, checkpoint: string | null) => CheckpointFacts;

/** A thousand rows of one job mostly mean one checkpoint: it is read once for all of them. */
export function checkpointReader(): ReadCheckpoint {
  const read = new Map<string, CheckpointFacts>();
  return (cwd, checkpoint) => {
    const path = checkpoint === null ? "" : resolvePath(cwd, checkpoint);
    const known = read.get(path) ?? readCheckpoint(cwd, checkpoint);
    read.set(path, known);
    return known;
  };
}
