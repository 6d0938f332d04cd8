import { setImmediate as nextTurn } from "node:timers/promises";
import type { Run } from "@/lib/domain/run";
import { askToEnd } from "../ending/endings";
import { finish } from "../ending/finish";
import { faultPoint } from "../files/fault";
import { revoke } from "../files/run-files";
import { recover } from "../finding-out/recover";
import { launch } from "../launch/launch";
import { launchProblem } from "../launch/launch-problem";
import { keepPidFile } from "../pid-file/keep-pid-file";
import type { Duty } from "../watch/duty";
import { insist } from "../watch/insist";
import type { Launched } from "../watch/launched";
import { groupOf } from "../watch/limits";
import { begin, end } from "../watch/phase";
import { type Watched, watch } from "../watch/watched";
import { waitsForRoom } from "./room";

/**
 * Works the queue off: one pass at a time, and a nudge during a pass brings another.
 * @returns the nudge
 */
export function queueWorker(duty: Duty): () => void {
  let working = false;
  let again = false;
  return function nudge(): void {
    again = true;
    if (working || isClosing(duty)) return;
    working = true;
    void duty.tasks
      .run("claim", async () => {
        while (again && !isClosing(duty)) {
          again = false;
          for (const run of await duty.ports.records.listStartable()) await tryToClaim(duty, run);
        }
      })
      .finally(() => {
        working = false;
        if (again) nudge();
      });
  };
}

function isClosing({ abort, closing }: Duty): boolean {
  return abort.aborted || closing.begun;
}

/**
 * Each separately: one that cannot be claimed just now is tried again with the next comparison, and holds up
 * no other.
 */
async function tryToClaim(duty: Duty, run: Run): Promise<void> {
  try {
    if (!(await waitsForRoom(duty, run))) await claimOne(duty, run);
  } catch (error) {
    duty.ports.log.error({ runId: run.id, error: String(error) }, "run.not_claimed");
  }
}

async function claimOne(duty: Duty, run: Run): Promise<void> {
  if (isClosing(duty)) return;
  const { workerId, hostInstance, ownerEpoch, records, cgroups } = duty.ports;
  void cgroups.expectEntry();
  const claimed = { type: "claimed", workerId, hostInstance, ownerEpoch } as const;
  const change = await records.claim(run.id, claimed);
  if (!change.ok) return;
  faultPoint("after-claim");
  const watched = watch(duty.ports, duty.list, change.run);
  // Spawning is what blocks the loop; waiting for one launcher's claim need not hold up the next launch.
  void duty.tasks.run("launch", () => launchOne(duty, watched));
  await nextTurn();
}

async function launchOne(duty: Duty, watched: Watched): Promise<void> {
  begin(watched, "launch");
  let launched: Watched | null = null;
  try {
    launched = await launchAndRecord(duty, watched);
  } finally {
    end(watched, "launch");
  }
  // Not before: nothing looks whether it has ended while it is being launched.
  if (launched !== null) duty.takeUp(launched);
}

/** @returns the run to be taken up from where it is now; null: there is nothing more to do for it here */
async function launchAndRecord(duty: Duty, watched: Watched): Promise<Watched | null> {
  const launched = await tryLaunch(duty, watched);
  if (launched === null) return null;
  if (launched.ok) return launchedWell(duty, watched, launched);
  if (launched.timedOut) return startedTooLate(duty, watched, launched.reason);
  return launchedBadly(duty, watched, launched);
}

async function tryLaunch(duty: Duty, watched: Watched): Promise<Launched | null> {
  try {
    return await launch(duty.ports, duty.list, watched, duty.abort, (exit) => {
      watched.launcherExit = exit;
      duty.lookSoon(watched);
    });
  } catch (error) {
    return { ok: false, reason: launchProblem(error), came: false };
  }
}

async function launchedWell(
  duty: Duty,
  watched: Watched,
  launched: Launched & { ok: true },
): Promise<Watched | null> {
  faultPoint("before-running");
  const { launcher, process, limits, realCwd = null } = launched;
  watched.tree.launcher = launcher;
  watched.tree.payload = process;
  watched.tree.group = groupOf(watched.files);
  // At once, before anything is written down elsewhere: what cron starts from now on finds it.
  await keepPidFile(duty.ports, duty.list, watched);
  const event = { type: "spawned", launcher, process, realCwd } as const;
  const change = await insist(duty, () => duty.ports.records.apply(watched.run.id, event));
  if (change === null) return null;
  if (change.ok) watched.run = change.run;
  if (limits !== null)
    await insist(duty, () => duty.ports.records.note(watched.run.id, "limits_applied", limits));
  duty.ports.log.info({ runId: watched.run.id, pid: process?.pid ?? null }, "run.started");
  return watched;
}

/** Its launcher, and whatever it has begun, is ended like any tree, which also keeps it from coming later. */
async function startedTooLate(duty: Duty, watched: Watched, reason: string): Promise<Watched | null> {
  if (watched.run.state === "starting")
    await insist(duty, () => askToEnd(duty, watched, { cause: "start_timeout", reason }));
  // Nothing more to do when another caller was quicker and the run is being stopped already, or is over.
  return duty.list.get(watched.run.id) === watched ? watched : null;
}

/** Failed only if its launcher can never come: otherwise it is simply late, and found like after a restart. */
async function launchedBadly(
  duty: Duty,
  watched: Watched,
  { reason, came }: Launched & { ok: false },
): Promise<Watched | null> {
  const { ports, list } = duty;
  // Asked until there is an answer: the reason it could not be launched (a full disk, no descriptors) may be in the way here.
  const never = !came || (await insist(duty, async () => revoke(watched.files, "launch failed")));
  if (never === null) return null;
  if (!never) return recover(ports, list, watched.run);
  ports.log.warn({ runId: watched.run.id, reason }, "run.launch_failed");
  await insist(duty, () => finish(ports, list, watched, false, { type: "launch_failed", reason }));
  duty.claimQueued();
  return null;
}
