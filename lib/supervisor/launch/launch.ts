import { closeSync } from "node:fs";
import { pidFileOf } from "@/lib/domain/pid-file";
import type { LaunchOffer } from "@/lib/domain/ports/host";
import type { Run } from "@/lib/domain/run";
import { asUser } from "@/lib/domain/run-as";
import { inRealFolder } from "@/lib/kinds/kinds";
import { moveCheckpointAside, putBackWhatWasCutOff } from "@/lib/kinds/set-aside";
import { faultPoint } from "../files/fault";
import { type RunFiles, readClaim, recordPlace, writeSpec } from "../files/run-files";
import { writeMoment } from "../files/since-boot";
import { type GroupFolder, removeGroup } from "../host/group";
import { checkpointOf, renewCheckpoint } from "../life/life";
import { openLogForAppend } from "../log/log-file";
import { askForPipe, whyPiped } from "../log-upkeep/log-pipe";
import { checkPidFile } from "../pid-file/keep-pid-file";
import { firstLook } from "../traces/checkpoint-changes";
import type { Launched } from "../watch/launched";
import { prepareLimits } from "../watch/limits";
import type { SupervisorPorts } from "../watch/ports";
import type { LauncherExit, LauncherOrder } from "../watch/spawner";
import type { Watched, Watchlist } from "../watch/watched";
import { awaitClaim } from "./await-claim";
import { awaitByHand, sayWhereOutputWent } from "./by-hand";
import { checkCommand } from "./command";
import { orderLauncher } from "./on-its-way";
import { leaveForTerminal, secretsOf } from "./run-secrets";
import {
  leaveEnvironment,
  leaveForTerminalsUser,
  openLogToProgram,
  type RunUser,
  userForRun,
} from "./run-user";
import { fenceEnvironment, runVariables } from "./run-variables";
import { refuseHeldState } from "./state-holder";

type Variables = Readonly<Record<string, string>>;

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
  const run = await inItsFolder(ports.files, watched.run);
  const user = await userForRun(ports, run);
  const group = ports.cgroups.make(run.id);
  try {
    return await launchInGroup(ports, list, watched, { run, user, group }, abort, onExit);
  } catch (error) {
    void group.then((made) => (made === null ? undefined : removeGroup(made)));
    throw error;
  }
}

type Prepared = {
  readonly run: Run;
  /** Of the host, whom the program runs as; null: whom the dashboard does. */
  readonly user: RunUser | null;
  readonly group: Promise<GroupFolder | null>;
};

async function launchInGroup(
  ports: SupervisorPorts,
  list: Watchlist,
  watched: Watched,
  { run, user, group }: Prepared,
  abort: AbortSignal,
  onExit: (exit: LauncherExit) => void,
): Promise<Launched | null> {
  const { files } = watched;
  const its = ports.files.as(run.spec.runAs);
  const { argv, cwd, checkpoint, kind, byHand } = run.spec;
  // The command was looked at when the start was asked for, too; but a run may have waited in the queue for days since. What a terminal
  // launches is looked for there, in its own PATH. Each of these asks another process or waits for the disk, and none needs another's answer.
  const [piped, handedOn, fences] = await Promise.all([
    whyPiped(its, run.spec),
    byHand === null ? ports.handedOn() : {},
    ports.records.fences(run.id),
    byHand === null ? checkCommand(its, run.spec, ports.baseEnv, ports.allowedCommands) : null,
    writeSpec(files, { runId: run.id, jobId: run.jobId, kind, argv, realCwd: cwd, checkpoint }),
  ]);
  renewCheckpoint(watched, run.spec);
  void writeMoment(files, "launched");
  faultPoint("after-spec");
  const own = { ...runVariables(ports, run), ...fenceEnvironment(run, fences) };
  const secrets = await secretsOf(ports, watched, run);
  if (piped !== null) askForPipe(files);
  const log = openLogForAppend(ports.logFile(run));
  try {
    // As late as can be: cron may have started the program since the start was asked for.
    await checkPidFile(ports, list, pidFileOf(run.spec));
    await firstLook(its, checkpointOf(watched), ports.now());
    // A program outside was given the path as its job names it.
    const uid = user?.account.uid ?? process.getuid?.();
    if (byHand === null) await refuseHeldState(ports.processes, watched.run.spec, uid, run.realCwd);
    const limits = prepareLimits(ports, run, files, await group);
    // Nothing that can be foreseen is in the way any more: a start that fails must not cost the lineage its checkpoint.
    if (run.spec.fresh) await moveCheckpointAside(its, cwd, checkpoint, run.id);
    else await putBackWhatWasCutOff(its, cwd, checkpoint);
    if (byHand !== null && user === null) leaveForTerminal(files, secrets);
    if (user !== null) openLogToProgram(log);
    const base = user === null ? handedOn : asUser(handedOn, user.account);
    const env = { ...base, ...own, ...secrets };
    const launched =
      byHand === null
        ? await spawnLauncher(
            ports,
            watched,
            run,
            {
              command: launcherCommand(ports, run, files),
              env: leaveEnvironment(ports, files, user, env),
              log: { descriptor: log, path: ports.logFile(run) },
              record: recordPlace(files),
              isGivenUp: () => isGivenUp(list, watched),
              onExit,
            },
            abort,
          )
        : await offerToTerminal(ports, watched, { run, user }, log, { own, secrets }, abort);
    if (piped !== null && launched?.ok === true)
      await ports.records.note(run.id, "log_piped", { why: piped });
    return launched?.ok ? { ...launched, limits, realCwd: run.realCwd } : launched;
  } finally {
    offers.delete(watched);
    closeSync(log);
  }
}

/** The run with its folder as it really is: from here on nothing below it goes by a name that can lead elsewhere tomorrow. */
async function inItsFolder({ as }: SupervisorPorts["files"], run: Run): Promise<Run> {
  const { byHand, oldFolder } = run.spec;
  const cwd = oldFolder ?? run.spec.cwd;
  const real = as(run.spec.runAs).real(cwd);
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
  { run, user }: Pick<Prepared, "run" | "user">,
  log: number,
  { own, secrets }: { readonly own: Variables; readonly secrets: Variables },
  abort: AbortSignal,
): Promise<Launched | null> {
  const { files } = watched;
  sayWhereOutputWent(log);
  offers.set(watched, {
    command: launcherCommand(ports, run, files),
    env: user === null ? own : leaveForTerminalsUser(files, user, { ...own, ...secrets }),
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
