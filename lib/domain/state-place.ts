import type { RunSpec } from "./job";
import { isWithin, resolvePath } from "./paths";
import type { Run } from "./run";

/** Where state is looked for, as a job or a run names it. */
export type StateSpec = Pick<RunSpec, "kind" | "cwd" | "checkpoint" | "runAs">;

export type StatePlace = StateSpec & {
  /** Where a run really kept it, which can be another place by now; null: nowhere, or that is not known. */
  readonly left: { readonly cwd: string; readonly checkpoint: string } | null;
};

type Launched = Pick<Run, "spec" | "realCwd">;

/** Where a run that goes on from this one looks, as long as its job is what it was, and where this one left its state. */
export function placeOf({ spec: { kind, cwd, checkpoint, runAs }, realCwd }: Launched): StatePlace {
  const moves = checkpoint !== null && realCwd !== null && isWithin(checkpoint);
  return { kind, cwd, checkpoint, runAs, left: moves ? { cwd: realCwd, checkpoint } : null };
}

/**
 * Where a start of this job would go on from the newest run: for Scrapy and Crawlee where that run kept its state, which is a folder of
 * its lineage, and else where the job says. What the run left is looked for only where the job names its state as the run did.
 */
export function placeFor(job: StateSpec, newest: Launched | null): StatePlace {
  const { kind, cwd, checkpoint, runAs } = job;
  if (newest === null) return { kind, cwd, checkpoint, runAs, left: null };
  // Read as the user that is to go on from it, even if another left it there.
  if (kind !== "command" && kind === newest.spec.kind) return { ...placeOf(newest), runAs };
  return {
    kind,
    cwd,
    checkpoint,
    runAs,
    left: kind === newest.spec.kind ? leftBy(newest, checkpoint) : null,
  };
}

/** A run that a terminal launched has its checkpoint as an absolute path, in the job's folder as that was then. */
function leftBy({ spec, realCwd }: Launched, checkpoint: string | null): StatePlace["left"] {
  if (checkpoint === null || !isWithin(checkpoint)) return null;
  if (spec.checkpoint === checkpoint) return { cwd: realCwd ?? spec.cwd, checkpoint };
  const end = `/${checkpoint}`;
  return spec.checkpoint?.startsWith("/") && spec.checkpoint.endsWith(end)
    ? { cwd: spec.checkpoint.slice(0, -end.length), checkpoint }
    : null;
}

/** Its settings as it was launched: what is named below its folder is where that really was. */
export function launchedSpec({ spec, realCwd }: Launched): RunSpec {
  if (realCwd === null) return spec;
  const { cwd, checkpoint } = spec;
  const named = checkpoint === null || isWithin(checkpoint) ? checkpoint : resolvePath(cwd, checkpoint);
  return { ...spec, cwd: realCwd, checkpoint: named };
}
