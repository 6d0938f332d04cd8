import { setTimeout as wait } from "node:timers/promises";
import { lateStart } from "@/lib/domain/limits";
import type { ProcessIdentity, Run } from "@/lib/domain/run";
import { payloadReported, type RunFiles, readClaim, readExitRecord, readPayload } from "../files/run-files";
import { findMembers } from "../processes/members";
import { LAUNCHER_GAVE_UP, type Launched } from "../watch/launched";
import { refusedLimit } from "../watch/limits";
import type { SupervisorPorts } from "../watch/ports";
import { GIVEN_UP, type LauncherExit, type StartedLauncher } from "../watch/spawner";
import type { Watched } from "../watch/watched";
import { unlessUnreadable } from "./launch-problem";

const FIRST_LOOK_MS = 2;
const LAST_LOOK_MS = 25;

/** Waits until a launcher that was started has claimed the run and has become the program, or will not. */
export async function awaitClaim(
  ports: SupervisorPorts,
  watched: Watched,
  run: Run,
  launcher: Readonly<StartedLauncher>,
): Promise<Launched> {
  const { files } = watched;
  const deadline = performance.now() + run.spec.timeouts.startMs;
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(LAST_LOOK_MS, pause * 1.5)) {
    const launched = unlessUnreadable(() => lookForClaim(ports, files, launcher));
    if (launched !== null) return launched;
    const { problem, came } = launcher;
    // If its exit will not be told, it is looked for: it may be there and only be slow.
    if (problem !== null && !(came && (await isThere(ports, watched)))) {
      return { ok: false, reason: refusedLimit(files) ?? problem, came };
    }
    if (performance.now() > deadline)
      return { ok: false, reason: lateStart(run), came: true, timedOut: true };
    await wait(pause);
  }
}

/** What cannot be looked for just now counts as there. */
async function isThere({ processes }: SupervisorPorts, { tree }: Watched): Promise<boolean> {
  const members = await findMembers(processes, tree).catch(() => null);
  return members === null || members.length > 0;
}

function lookForClaim(
  ports: SupervisorPorts,
  files: RunFiles,
  launcher: Readonly<StartedLauncher>,
): Launched | null {
  const ended = launcher.exit !== null;
  // The payload's line comes a moment after the claim; a program that has already ended needs no more waiting.
  if (!payloadReported(files) && !ended && readExitRecord(files) === null) return null;
  return claimed(ports, files, readPayload(files), launcher.exit);
}

function claimed(
  ports: SupervisorPorts,
  files: RunFiles,
  payload: ProcessIdentity | null,
  exit: LauncherExit | null,
): Launched {
  const claim = readClaim(files);
  if (claim === null)
    return {
      ok: false,
      reason:
        refusedLimit(files) ?? `the launcher ended immediately (exit code ${exit?.code ?? exit?.signal})`,
      came: true,
    };
  if (claim.by === "revoked") return { ok: false, reason: GIVEN_UP, came: true };
  // It has the claim and is over, and says that the program never began.
  if (payload === null && exit?.code === LAUNCHER_GAVE_UP && readExitRecord(files) === null)
    return {
      ok: false,
      reason: "the launcher could not start the program: no further process is allowed",
      came: false,
    };
  const startTicks = ports.processes.read(claim.pid)?.startTicks ?? 0;
  return {
    ok: true,
    launcher: claim.identity ?? { pid: claim.pid, startTicks },
    process: payload,
    limits: null,
  };
}
