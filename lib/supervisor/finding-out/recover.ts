import { type Run, startedAs } from "@/lib/domain/run";
import { launchedSpec } from "@/lib/domain/state-place";
import { putBackWhatWasCutOff } from "@/lib/kinds/set-aside";
import { finish, lost } from "../ending/finish";
import { readClaim, readExitRecord, readFolder, readPayload, revoke } from "../files/run-files";
import { homeOf } from "../folder/home";
import { renewCheckpoint } from "../life/life";
import { keepPidFile } from "../pid-file/keep-pid-file";
import { findMembers } from "../processes/members";
import { isAlive } from "../processes/processes";
import type { SupervisorPorts } from "../watch/ports";
import { learnTree, type Watched, type Watchlist, watch } from "../watch/watched";

const moved = new WeakSet<Watched>();

/** Whether its data folder was moved since it was started: its launcher has no place to write the exit code to. */
export function wasMoved(watched: Watched): boolean {
  return moved.has(watched);
}

/**
 * Finds out what became of a run that an earlier dashboard left unfinished. No time-outs in it: every answer rests on a
 * record, a claim or an identity.
 * @returns the run when it lives on and is now watched, null when it is over
 */
export async function recover(ports: SupervisorPorts, list: Watchlist, run: Run): Promise<Watched | null> {
  const watched = watch(ports, list, run);
  learnTree(watched);
  if (await livesElsewhere(ports, watched)) return disown(ports, list, watched);
  if (readExitRecord(watched.files) !== null) return recoverEnded(ports, list, watched);
  if (run.hostInstance !== ports.hostInstance) return recoverElsewhere(ports, list, watched);
  // A run whose launcher the row names has run, whatever became of its files (a restored backup has none).
  if (mayNeverHaveRun(run) && revoke(watched.files, "recovery")) {
    await putBack(ports, watched);
    await finish(ports, list, watched, false, lost("never_started"));
    return null;
  }
  learnTree(watched);
  const { launcher } = watched.tree;
  if (launcher !== null && isAlive(ports.processes, launcher)) return adopt(ports, list, watched);
  // It may have ended between the first look and this one.
  if (readExitRecord(watched.files) !== null) return recoverEnded(ports, list, watched);
  const members = await findMembers(ports.processes, watched.tree);
  if (await areElsewhere(ports, watched, members)) return disown(ports, list, watched);
  if (members.length > 0) return adopt(ports, list, watched);
  const filesLeft = run.spec.adopted === null && readClaim(watched.files) !== null;
  await finish(ports, list, watched, false, lost(filesLeft ? "launcher_killed" : "exit_unknown"));
  return null;
}

/**
 * Whether its process was started out of another data folder, as after this one was made by copying: then it is not ours to watch, and
 * never ours to signal. Where no launcher is known, it may have come in the other folder.
 */
async function livesElsewhere(ports: SupervisorPorts, watched: Watched): Promise<boolean> {
  const { run, tree } = watched;
  if (run.hostInstance !== ports.hostInstance) return false;
  if (tree.launcher !== null)
    return isAlive(ports.processes, tree.launcher) && (await areElsewhere(ports, watched, [tree.launcher]));
  return areElsewhere(ports, watched, await findMembers(ports.processes, tree));
}

/** One that certainly is from here makes the others ours too. @throws AppError PATH_NOT_ANSWERING: it is tried again */
async function areElsewhere(
  ports: SupervisorPorts,
  { run }: Watched,
  processes: readonly { readonly pid: number }[],
): Promise<boolean> {
  const homes = await Promise.all(
    processes.map(({ pid }) => homeOf(ports, pid, startedAs(run), ports.logFile(run))),
  );
  return homes.includes("elsewhere") && !homes.includes("here");
}

/** It is from here by what it holds open, and not by the path it was started with. */
async function isFromHereByOtherPath(ports: SupervisorPorts, run: Run, launcher: number): Promise<boolean> {
  const home = (log: string | null) => homeOf(ports, launcher, startedAs(run), log);
  return (await home(ports.logFile(run))) === "here" && (await home(null)) !== "here";
}

/** Its end here is only an entry: pid file, cgroup and processes stay those of the folder it runs under. */
async function disown(ports: SupervisorPorts, list: Watchlist, watched: Watched): Promise<null> {
  const change = await ports.records.apply(watched.run.id, lost("other_folder"));
  list.delete(watched.run.id);
  ports.log.warn({ runId: watched.run.id, pid: watched.run.process?.pid ?? null }, "run.of_another_folder");
  if (change.ok) ports.onEnded(change.run, 0);
  return null;
}

/** A fresh start that was cut off in the middle has not begun, so the state it was moving aside is put back. */
async function putBack({ files, log }: SupervisorPorts, { run, files: its }: Watched): Promise<void> {
  const { cwd, checkpoint, fresh, runAs } = run.spec;
  if (!fresh) return;
  try {
    await putBackWhatWasCutOff(files.as(runAs), readFolder(its) ?? cwd, checkpoint);
  } catch (error) {
    // The next start does it.
    log.warn({ runId: run.id, error: String(error) }, "checkpoint.not_put_back");
  }
}

/** What was made out of live processes has run, also where no launcher of it was found. */
function mayNeverHaveRun({ launcher, spec }: Run): boolean {
  return launcher === null && spec.adopted === null;
}

/**
 * It ended while no dashboard was looking. What it left behind is still to be ended, so it goes the same way
 * as any other end: it is watched, and the first look finishes it.
 */
async function recoverEnded(
  ports: SupervisorPorts,
  list: Watchlist,
  watched: Watched,
): Promise<Watched | null> {
  if (watched.run.hostInstance === ports.hostInstance)
    return watched.run.state === "starting" ? adopt(ports, list, watched) : watched;
  await finish(ports, list, watched, false, lost("exit_unknown"));
  return null;
}

/** Its pids belong to another boot or container: they are not even looked at. */
async function recoverElsewhere(ports: SupervisorPorts, list: Watchlist, watched: Watched): Promise<null> {
  const never =
    mayNeverHaveRun(watched.run) && readClaim(watched.files) === null && revoke(watched.files, "recovery");
  if (never) await putBack(ports, watched);
  const sameBoot = watched.run.hostInstance?.split("/")[0] === ports.hostInstance.split("/")[0];
  await finish(
    ports,
    list,
    watched,
    false,
    lost(never ? "never_started" : sameBoot ? "container_gone" : "host_rebooted"),
  );
  return null;
}

async function adopt(ports: SupervisorPorts, list: Watchlist, watched: Watched): Promise<Watched> {
  const { launcher } = watched.tree;
  if (watched.run.startedAt === null && launcher !== null) {
    const change = await ports.records.apply(watched.run.id, {
      type: "spawned",
      launcher,
      process: readPayload(watched.files),
      realCwd: readFolder(watched.files),
    });
    if (change.ok) watched.run = change.run;
    renewCheckpoint(watched, launchedSpec(watched.run));
  }
  learnTree(watched);
  if (launcher !== null && (await isFromHereByOtherPath(ports, watched.run, launcher.pid)))
    moved.add(watched);
  void keepPidFile(ports, list, watched);
  ports.log.info({ runId: watched.run.id, pid: watched.run.process?.pid ?? null }, "run.adopted");
  await ports.records.note(watched.run.id, "adopted", { ownerEpoch: ports.ownerEpoch });
  return watched;
}
