import { closeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { lateStart } from "@/lib/domain/limits";
import type { LaunchOffer } from "@/lib/domain/ports/host";
import type { ProcessIdentity, Run } from "@/lib/domain/run";
import { inRealFolder } from "@/lib/kinds/kinds";
import { moveCheckpointAside, putBackWhatWasCutOff } from "@/lib/kinds/set-aside";
import { faultPoint } from "../files/fault";
import {
  payloadReported,
  type RunFiles,
  readClaim,
  readExitRecord,
  readPayload,
  recordPlace,
  writeSpec,
} from "../files/run-files";
import { writeMoment } from "../files/since-boot";
import { checkpointOf, renewCheckpoint } from "../life/life";
import { openLogForAppend } from "../log/log-file";
import { askForPipe, whyPiped } from "../log-upkeep/log-pipe";
import { checkPidFile } from "../pid-file/keep-pid-file";
import { findMembers } from "../processes/members";
import { firstLook } from "../traces/checkpoint-changes";
import { LAUNCHER_GAVE_UP, type Launched } from "../watch/launched";
import { prepareLimits, refusedLimit } from "../watch/limits";
import type { SupervisorPorts } from "../watch/ports";
import { GIVEN_UP, type LauncherExit, type LauncherOrder, type StartedLauncher } from "../watch/spawner";
import type { Watched, Watchlist } from "../watch/watched";
import { awaitByHand, sayWhereOutputWent } from "./by-hand";
import { checkCommand } from "./command";
import { unlessUnreadable } from "./launch-problem";
import { orderLauncher } from "./on-its-way";
import { leaveForLauncher } from "./program-env";
import { leaveForTerminal, secretsOf } from "./run-secrets";
import { fenceEnvironment, runVariables } from "./run-variables";
import { refuseHeldState } from "./state-holder";

const FIRST_LOOK_MS = 2;
const LAST_LOOK_MS = 25;

const offers = new WeakMap<Watched, LaunchOffer>();

/** What a terminal needs that is to launch the run; null while it is not its turn, and once it is launched. */
export function offerOf(watched: Watched): LaunchOffer | null {
  return offers.get(watched) ?? null;
}

/**
 * Starts a claimed run's launcher and waits until it has claimed the run and become the program. Nothing else starts one.
 * Whatever it throws, no launcher was spawned.
 * A run by hand is launched by its terminal, and only waited for.
 * @param onExit called when the launcher ends, at once or in days
 * @returns null when the dashboard goes down before it is known whether it was launched
 */
export async function launch(
  ports: SupervisorPorts,
  list: Watchlist,
  watched: Watched,
  abort: AbortSignal,
  onExit: (exit: LauncherExit) => void,
): Promise<Launched | null> {
  const { files } = watched;
  const run = await inItsFolder(ports.files, watched.run);
  const { argv, cwd, checkpoint, kind, byHand } = run.spec;
  // The command was looked at when the start was asked for, too; but a run may have waited in the queue for days since. What a terminal
  // launches is looked for there, in its own PATH. Each of these asks another process or the database, and none needs another's answer.
  const [piped, handedOn, fences] = await Promise.all([
    whyPiped(ports.files, run.spec),
    byHand === null ? ports.handedOn() : {},
    ports.records.fences(run.id),
    byHand === null ? checkCommand(ports.files, run.spec, ports.baseEnv) : null,
  ]);
  await writeSpec(files, { runId: run.id, jobId: run.jobId, kind, argv, realCwd: cwd, checkpoint });
  renewCheckpoint(watched, run.spec);
  void writeMoment(files, "launched");
  faultPoint("after-spec");
  const own = { ...runVariables(ports, run), ...fenceEnvironment(run, fences) };
  const secrets = await secretsOf(ports, run);
  const limits = prepareLimits(ports, run, files);
  if (piped !== null) askForPipe(files);
  const log = openLogForAppend(ports.logFile(run));
  try {
    // As late as can be: cron may have started the program since the start was asked for.
    await checkPidFile(ports, list, run.spec.pidFile);
    await firstLook(ports.files, checkpointOf(watched), ports.now());
    // A program outside was given the path as its job names it.
    if (byHand === null) await refuseHeldState(ports.processes, watched.run.spec, run.realCwd);
    // Nothing that can be foreseen is in the way any more: a start that fails must not cost the lineage its checkpoint.
    if (run.spec.fresh) await moveCheckpointAside(ports.files, cwd, checkpoint, run.id);
    else await putBackWhatWasCutOff(ports.files, cwd, checkpoint);
    if (byHand !== null) leaveForTerminal(files, secrets);
    const launched =
      byHand === null
        ? await spawnLauncher(
            ports,
            watched,
            run,
            {
              command: launcherCommand(ports, run, files),
              env: leaveForLauncher(files, { ...handedOn, ...own, ...secrets }, ports.baseEnv.PATH ?? ""),
              log: { descriptor: log, path: ports.logFile(run) },
              record: recordPlace(files),
              isGivenUp: () => isGivenUp(list, watched),
              onExit,
            },
            abort,
          )
        : await offerToTerminal(ports, watched, run, log, own, abort);
    if (piped !== null && launched?.ok === true)
      await ports.records.note(run.id, "log_piped", { why: piped });
    return launched?.ok ? { ...launched, limits, realCwd: run.realCwd } : launched;
  } finally {
    offers.delete(watched);
    closeSync(log);
  }
}

/** The run with its folder as it really is: from here on nothing below it goes by a name that can lead elsewhere tomorrow. */
async function inItsFolder(files: SupervisorPorts["files"], run: Run): Promise<Run> {
  const { byHand, oldFolder } = run.spec;
  const cwd = oldFolder ?? run.spec.cwd;
  const real = files.real(cwd);
  // A folder that is not there is refused in words later, by its own name. A terminal is in its folder already, be it ours to see or not.
  const realCwd = (await (byHand === null ? real : real.catch(() => null))) ?? cwd;
  return { ...run, realCwd, spec: inRealFolder(run.spec, realCwd) };
}

function launcherCommand(ports: SupervisorPorts, run: Run, files: RunFiles): string[] {
  return ["/bin/sh", ports.paths.launcher, files.folder, files.exitFile, run.spec.cwd, ...run.spec.argv];
}

function offerToTerminal(
  ports: SupervisorPorts,
  watched: Watched,
  run: Run,
  log: number,
  env: Readonly<Record<string, string>>,
  abort: AbortSignal,
): Promise<Launched | null> {
  const { files } = watched;
  sayWhereOutputWent(log);
  offers.set(watched, {
    command: launcherCommand(ports, run, files),
    env,
    cwd: run.spec.cwd,
    folder: files.folder,
  });
  return awaitByHand(ports, watched, abort);
}

/** A stop may have come to its end while all of the above was looked at. */
function isGivenUp(list: Watchlist, watched: Watched): boolean {
  return readClaim(watched.files) !== null || list.get(watched.run.id) !== watched;
}

async function spawnLauncher(
  ports: SupervisorPorts,
  watched: Watched,
  run: Run,
  order: LauncherOrder,
  abort: AbortSignal,
): Promise<Launched | null> {
  const launcher = await orderLauncher(ports.spawner, watched, order, abort);
  if (launcher === null) return null;
  faultPoint("after-spawn");
  return awaitClaim(ports, watched, run, launcher);
}

async function awaitClaim(
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
