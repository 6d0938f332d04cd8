import { setTimeout as wait } from "node:timers/promises";
import type { RunId, WorkerId } from "@/lib/domain/ids";
import { isFinal } from "@/lib/domain/run";
import type { Duty } from "./duty";
import { findMembers } from "./members";
import { isAlive } from "./processes/processes";
import { verify } from "./verify";
import { learnTree, type Watched, watch } from "./watched";

/** What was found of a run's processes. */
export type Proof =
  | { readonly found: "alive"; readonly pids: readonly number[] }
  /** It is being launched at this moment: its process is there, or comes at once. */
  | { readonly found: "launching" }
  /** Another worker runs it, and only that one can look. */
  | { readonly found: "elsewhere"; readonly workerId: WorkerId | null }
  /** Nothing of it is left. `ended`: its end has been written down, which let go of its locks. */
  | { readonly found: "gone"; readonly ended: boolean };

const END_ALLOWANCE_MS = 5_000;
const LOOK_EVERY_MS = 25;

/**
 * Looks for every process of a run by identity and marker. When nothing of it is left, the run itself is what lies: its end is
 * written down the way any end is.
 * @throws AppError RUN_NOT_RECOVERED
 */
export async function proveGone(duty: Duty, runId: RunId): Promise<Proof> {
  await duty.recovering.settle(runId);
  const run = await duty.ports.records.find(runId);
  if (run === null || isFinal(run.state)) return { found: "gone", ended: true };
  if (run.workerId !== duty.ports.workerId) return { found: "elsewhere", workerId: run.workerId };
  const watched = watch(duty.ports, duty.list, run);
  if (watched.launching) return { found: "launching" };
  const pids = await livingPids(duty, watched);
  if (pids.length > 0) return { found: "alive", pids };
  await verify(duty, runId);
  const deadline = performance.now() + END_ALLOWANCE_MS;
  // Others may have been about to write it: the exit's own event, the sweep, a stop.
  while (duty.list.has(runId) && performance.now() < deadline) await wait(LOOK_EVERY_MS);
  duty.claimQueued();
  return { found: "gone", ended: !duty.list.has(runId) };
}

async function livingPids({ ports }: Duty, watched: Watched): Promise<number[]> {
  // Processes of another boot or container have no pids here.
  if (watched.run.hostInstance !== ports.hostInstance) return [];
  learnTree(watched);
  const { launcher } = watched.tree;
  const members = await findMembers(ports.processes, watched.tree);
  const pids = members.map(({ pid }) => pid);
  return launcher !== null && isAlive(ports.processes, launcher) ? [launcher.pid, ...pids] : pids;
}
