import type { RunSpec } from "./job";
import type { Run } from "./run";

/** Where state is looked for, as a job or a run names it. */
export type StateSpec = Pick<RunSpec, "kind" | "cwd" | "checkpoint">;

export type StatePlace = StateSpec & {
  /** Where a run really kept it, which can be another place by now; null: nowhere, or that is not known. */
  readonly left: { readonly cwd: string; readonly checkpoint: string } | null;
};

type Launched = Pick<Run, "spec" | "realCwd">;

/** Where a run that goes on from this one looks, as long as its job is what it was, and where this one left its state. */
export function placeOf({ spec: { kind, cwd, checkpoint }, realCwd }: Launched): StatePlace {
  const left = checkpoint === null || realCwd === null ? null : { cwd: realCwd, checkpoint };
  return { kind, cwd, checkpoint, left };
}

/**
 * Where a start of this job would go on from the newest run: for Scrapy and Crawlee where that run kept its state, which is a folder of
 * its lineage, and else where the job says. What the run left is looked for only where the job names its state as the run did.
 */
export function placeFor(job: StateSpec, newest: Launched | null): StatePlace {
  const { kind, cwd, checkpoint } = job;
  if (newest === null) return { kind, cwd, checkpoint, left: null };
  if (kind !== "command" && kind === newest.spec.kind) return placeOf(newest);
  const alike = checkpoint !== null && kind === newest.spec.kind && checkpoint === newest.spec.checkpoint;
  const left = alike ? { cwd: newest.realCwd ?? newest.spec.cwd, checkpoint } : null;
  return { kind, cwd, checkpoint, left };
}

/** Its settings as it was launched: in the folder that its own really was, so that what is named below that is where the run keeps it. */
export function launchedSpec({ spec, realCwd }: Launched): RunSpec {
  return realCwd === null ? spec : { ...spec, cwd: realCwd };
}
