import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { keyRotation } from "@/lib/auth/auth";
import type { Parts } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import { logFile } from "@/lib/config/paths";
import { AppError } from "@/lib/domain/errors";
import { refuseUnconfirmed, whyHeldBack } from "@/lib/domain/folder-words";
import type { JobId } from "@/lib/domain/ids";
import type { Folder } from "@/lib/domain/ports/folder";
import type { DemoJob, Here, Logs, Machine, Watch } from "@/lib/domain/ports/host";
import type { StrayWatch } from "@/lib/domain/ports/outside";
import type { Host } from "@/lib/domain/ports/ports";
import { startedAs } from "@/lib/domain/run";
import type { RunAsHere } from "@/lib/domain/run-as";
import { lineageFolder, userJobFolder } from "@/lib/domain/user-folders";
import { readStateOf } from "@/lib/kinds/checkpoint";
import { ownName } from "@/lib/own-name";
import { sealAll } from "@/lib/store/seal-all";
import { sameToken } from "@/lib/supervisor/files/same-token";
import { findSetpriv } from "@/lib/supervisor/launch/become";
import { checkCommand } from "@/lib/supervisor/launch/command";
import { openLog } from "@/lib/supervisor/log/log-reader";
import { doctorFacts } from "./doctor-facts";
import { jitter } from "./jitter";

/** What services ask of the running process, made once at boot. */
export function hostOf(app: Parts): Host {
  const { environment, config, origin } = app;
  return {
    ...watched(app),
    ...outside(app),
    ...logs(app),
    ...folderOf(app),
    ...here(app),
    ...app.auth.host,
    rotateSecretKey: secretKeyRotation(app),
    hostEnvironment: environment,
    inheritPatterns: config.inherit,
    door: { url: origin },
  };
}

/** The key they were sealed with may still turn up, so none is forgotten before they are opened or set again. */
function unreadableBefore(count: number): AppError {
  const message = `${count === 1 ? "A secret" : `${count} secrets`} cannot be opened with the keys that are here. Put the key back they were sealed with, or set them again; until then the keys stay as they are, the new one first.`;
  return new AppError("SECRET_UNREADABLE", message, { count });
}

function secretKeyRotation({ config, keyring, store }: Parts): () => Promise<number> {
  const place = { keyring, file: config.paths.secretKey, given: config.secretKeyFile };
  return keyRotation(place, async () => {
    const { secrets, unreadable } = await sealAll(store);
    if (unreadable > 0) throw unreadableBefore(unreadable);
    return secrets;
  });
}

function watched({ supervisor }: Parts): Watch & StrayWatch {
  const { live, whyUnrecovered, recentUsage, nudge, expectStart, verify, proveGone, launchOffer } =
    supervisor;
  const { findStrays, findStray, endStray, adoptStray } = supervisor;
  return {
    ...{ live, whyUnrecovered, recentUsage, nudge, expectStart, verify, proveGone, launchOffer },
    ...{ findStrays, findStray, endStray, adoptStray },
  };
}

function outside({ supervisor, files, environment, disk, config }: Parts): Machine {
  const { seePidFile, checkPidFile, removeStalePidFile, endForeign, isEnding } = supervisor;
  const { identify, whoIs, stateHolder } = supervisor;
  return {
    ...{ seePidFile, checkPidFile, removeStalePidFile, endForeign, isEnding },
    ...{ identify, whoIs, stateHolder },
    checkCommand: async (spec) => {
      if (spec.runAs !== null && !files.isOwn(spec.runAs)) findSetpriv(environment.base.PATH ?? "");
      await checkCommand(files.as(spec.runAs), spec, environment.base, config.allowedCommands);
    },
    realFolder: ({ cwd, runAs }) =>
      files
        .as(runAs)
        .real(cwd)
        .catch(() => null),
    account: (user) => files.account(user),
    readState: (place) => readStateOf(files.as(place.runAs), place),
    checkRoom: () => disk.refuseWhenFull(),
  };
}

function logs({ supervisor, config }: Parts): Logs {
  return {
    logKeptFrom: (id) => {
      const cap = supervisor.logCap(id);
      return cap === null ? null : () => cap.dropped;
    },
    openLog: (run, keptFrom) => openLog(logFile(config.paths.data, run.jobId, startedAs(run)), keptFrom),
  };
}

function folderOf({ folder, supervisor, begin, skipPastSlots }: Parts): Folder {
  return {
    refuseUnconfirmed: () => {
      const doubt = folder.unconfirmed();
      if (doubt !== null) throw refuseUnconfirmed(folder.path, doubt);
    },
    findFolder: () => ({ path: folder.path, worker: folder.worker, unconfirmed: folder.unconfirmed() }),
    isElsewhere: async (run) => (await supervisor.whereabouts(run)).home === "elsewhere",
    confirmFolder: async (audit) => {
      // Before it counts as the live one: a kill in between must not leave them to the next boot.
      if (folder.unconfirmed() !== null) await skipPastSlots();
      await folder.confirm(audit, begin);
    },
    heldBack: (run) => {
      const doubt = folder.unconfirmed();
      return doubt === null ? null : whyHeldBack(run, doubt, supervisor.lastWhereabouts(run));
    },
  };
}

function here(app: Parts): Here {
  const { config, nudgePlans, nudgeSchedules, finishDeletions, wakeRecovery, goOnWithRestart } = app;
  return {
    now: wallClock,
    random: jitter,
    hostname: hostname(),
    defaultCwd: config.root,
    runAs: runAsHere(config.runAs),
    restartDelayMs: config.restartDelayMs,
    recoveryLimits: config.recovery,
    sameToken,
    lineageFolder: ({ id, runAs }, lineageId) => lineageFolder(jobFolder(app, id, runAs), lineageId),
    demoJob: () => demoJob(app),
    doctorFacts: () => doctorFacts(app),
    ...{ nudgePlans, nudgeSchedules, finishDeletions, wakeRecovery, goOnWithRestart },
  };
}

/** @param usual UNSTUCK_RUN_AS, which is for a dashboard of root: another has no choice */
function runAsHere(usual: string | null): RunAsHere {
  const isRoot = process.getuid?.() === 0;
  return { isRoot, me: ownName(), usual: isRoot ? usual : null };
}

function jobFolder({ config: { paths }, files }: Parts, id: JobId, runAs: string | null): string {
  return runAs === null || files.isOwn(runAs) ? join(paths.data, id) : userJobFolder(paths, runAs, id);
}

/** The scraper a first visit offers: plain Node, reading the shop this dashboard itself serves. */
function demoJob({ config }: Parts): DemoJob {
  const isRoot = process.getuid?.() === 0;
  const cwd = join(config.paths.data, "demo");
  mkdirSync(cwd, { recursive: true, mode: 0o750 });
  return {
    id: "demo" as JobId,
    title: "Demo: a small shop",
    argv: [process.execPath, join(config.root, "examples/shop/scrapers/plain-node.mjs")],
    cwd,
    // It is ours, and lies where no other user can go.
    runAs: isRoot ? ownName() : null,
    checkpoint: "checkpoint.json",
    tags: ["demo"],
  };
}
