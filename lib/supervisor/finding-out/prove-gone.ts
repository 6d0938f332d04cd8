import { setTimeout as wait } from "node:timers/promises";
import type { RunId } from "@/lib/domain/ids";
import type { Proof } from "@/lib/domain/ports/host";
import { isFinal } from "@/lib/domain/run";
import { findMembers } from "../processes/members";
import { isAlive } from "../processes/processes";
import type { Duty } from "../watch/duty";
import { isLaunching } from "../watch/phase";
import { learnTree, type Watched, watch } from "../watch/watched";
import { verify } from "./verify";

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
  if (isLaunching(watched)) return { found: "launching" };
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
