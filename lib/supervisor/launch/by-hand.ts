import { writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { readClaim, readExitRecord, readPayload } from "../files/run-files";
import { isAlive } from "../processes/processes";
import type { Launched } from "../watch/launched";
import { isEnding } from "../watch/phase";
import type { SupervisorPorts } from "../watch/ports";
import { GIVEN_UP } from "../watch/spawner";
import type { Watched } from "../watch/watched";
import { unlessUnreadable } from "./launch-problem";

const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 100;

export function sayWhereOutputWent(log: number): void {
  writeSync(log, "Started by hand with `unstuck exec`: what it prints goes to that terminal, not here.\n");
}

/**
 * Waits until the terminal's launcher has claimed the run. Nothing is spawned here; from the claim on it is a run like any
 * other.
 * @returns null when the dashboard goes down first: the next one finds out
 */
export async function awaitByHand(
  ports: SupervisorPorts,
  watched: Watched,
  abort: AbortSignal,
): Promise<Launched | null> {
  const { startMs } = watched.run.spec.timeouts;
  const deadline = performance.now() + startMs;
  for (let pause = FIRST_LOOK_MS; !abort.aborted; pause = Math.min(LAST_LOOK_MS, pause * 1.5)) {
    const launched = unlessUnreadable(() => claimedByHand(ports, watched) ?? callerGone(ports, watched));
    if (launched !== null) return launched;
    if (performance.now() > deadline)
      return { ok: false, came: true, reason: `no "unstuck exec" has launched it within ${startMs} ms` };
    // Asked to end before it began: the code that ends it revokes the claim.
    if (isEnding(watched)) return { ok: false, came: true, reason: "it was stopped before it started" };
    await wait(pause);
  }
  return null;
}

function callerGone(ports: SupervisorPorts, { run, files }: Watched): Launched | null {
  const caller = run.spec.byHand?.caller ?? null;
  if (caller === null || readClaim(files) !== null || isAlive(ports.processes, caller)) return null;
  const reason = `the "unstuck exec" that requested it (process ${caller.pid}) has ended`;
  return { ok: false, came: true, reason };
}

function claimedByHand(ports: SupervisorPorts, { files }: Watched): Launched | null {
  const claim = readClaim(files);
  if (claim === null) return null;
  if (claim.by === "revoked") return { ok: false, came: true, reason: GIVEN_UP };
  const startTicks = ports.processes.read(claim.pid)?.startTicks ?? 0;
  const launcher = claim.identity ?? { pid: claim.pid, startTicks };
  const payload = readPayload(files);
  const over = readExitRecord(files) !== null || !isAlive(ports.processes, launcher);
  return payload !== null || over ? { ok: true, launcher, process: payload, limits: null } : null;
}
