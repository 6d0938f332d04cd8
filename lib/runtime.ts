import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import packageJson from "@/package.json";
import { type App, type Booted, booted } from "./booted";
import { wallClock } from "./clock";
import { lineageFolder, logFile } from "./config/paths";
import type { HealthView } from "./contracts/health";
import type { Variables } from "./domain/environment";
import { AppError } from "./domain/errors";
import type { JobId, RunId } from "./domain/ids";
import type { Job } from "./domain/job";
import type { OutsideStop } from "./domain/outside-stop";
import { type ProcessIdentity, type Run, startedAs } from "./domain/run";
import type { StatePlace } from "./domain/state-place";
import type { RunEvent } from "./domain/transition";
import { readStateOf } from "./kinds/checkpoint";
import { doctorFacts } from "./ports/doctor-facts";
import { environmentOf } from "./ports/environment";
import { folderOf } from "./ports/folder";
import { locksOf } from "./ports/locks";
import { plansOf } from "./ports/plans";
import { recoveryOf } from "./ports/recovery";
import { straysOf } from "./ports/strays";
import { stuckOf } from "./ports/stuck";
import { slot } from "./slot.mjs";
import { type AuditEntry, recordAudit } from "./store/audit";
import { entropy } from "./store/ids";
import { beginDeletion } from "./store/job-deletion";
import { findJob, insertJob, listJobs, listJobsWithNewest, updateJob } from "./store/jobs";
import { applyEvent, noteEvent } from "./store/run-changes";
import { findEvent, listEvents } from "./store/run-events";
import {
  type Decision,
  enqueueRun,
  findShownRun,
  type LookAgain,
  listAwaitingSuccessor,
  listRuns,
  listUnfinished,
  type RunFilter,
} from "./store/runs";
import { listUsage } from "./store/usage";
import type { Waiting } from "./store/write-queue";
import { checkCommand } from "./supervisor/command";
import type { DiskStatus } from "./supervisor/disk/guard";
import { openLog } from "./supervisor/log-reader";
import { sameToken } from "./supervisor/same-token";

/** Composition root of a request: hands the services the few functions they name. */

export type RequestContext = ReturnType<typeof contextOf>;

/**
 * @param actor who asks, as the audit shall have it
 * @param signal aborted when the client has left: a start of its that still waits is dropped then, a stop is carried out
 * @throws AppError SUPERVISOR_UNAVAILABLE, or the very failure that kept the process from coming up
 */
export function requestContext(actor = "operator", signal?: AbortSignal): RequestContext {
  const state = booted();
  const how = { urgency: "operator", signal } as const;
  if (state?.phase === "ready") return contextOf(state.app, actor, how);
  if (state?.phase === "failed") throw state.failure;
  if (state?.phase === "stopping" && state.app !== null) return contextOf(state.app, actor, how);
  throw unavailable();
}

function unavailable(): AppError {
  const state = booted();
  const stopping = state?.phase === "stopping";
  const doing = stopping ? "is shutting down" : "is starting";
  const runs = stopping && state.app !== null ? "It is stopping its runs" : "Runs are not affected";
  return new AppError("SUPERVISOR_UNAVAILABLE", `Unstuck ${doing}. ${runs}. Try again in a moment.`);
}

export function processLog(): Pick<Logger, "error"> {
  return booted()?.log ?? { error: (...args: unknown[]) => console.error(...args) };
}

/** @param how in which line its writes wait, and what tells that a start is not wanted any more */
export function contextOf(outer: App, actor: string, { urgency, signal }: Waiting = { urgency: "run" }) {
  const app = { ...outer, store: outer.store.as({ urgency }) };
  const { store, supervisor, disk, config, environment, files } = app;
  return {
    actor,
    now: wallClock,
    defaultCwd: config.root,
    restartDelayMs: config.restartDelayMs,
    goOnWithRestart: (ended: Run) => app.goOnWithRestart(ended),
    entropy,
    newRunId: store.ids.run,
    newPlanId: store.ids.plan,
    newAlertId: store.ids.alert,
    live: (id: RunId) => supervisor.live(id),
    whyUnrecovered: (id: RunId) => supervisor.whyUnrecovered(id),
    nudge: (id?: RunId) => supervisor.nudge(id),
    checkRoom: () => disk.refuseWhenFull(),
    verify: (id: RunId) => supervisor.verify(id),
    seePidFile: (path: string, fresh?: boolean) => supervisor.seePidFile(path, fresh),
    checkPidFile: (path: string | null) => supervisor.checkPidFile(path),
    removeStalePidFile: (path: string, doubtfulToo: boolean) =>
      supervisor.removeStalePidFile(path, doubtfulToo),
    endForeign: (stop: OutsideStop, pidFile: string) => supervisor.endForeign(stop, pidFile),
    isEnding: (identity: ProcessIdentity) => supervisor.isEnding(identity),
    launchOffer: (id: RunId) => supervisor.launchOffer(id),
    sameToken,
    identify: (pid: number) => supervisor.identify(pid),
    stateHolder: (spec: Pick<Job, "kind" | "cwd" | "checkpoint">) => supervisor.stateHolder(spec),
    whoIs: (pid: number) => supervisor.whoIs(pid),
    hostname: hostname(),
    recordAudit: (entry: AuditEntry) => recordAudit(store, entry, wallClock()),
    checkCommand: async (spec: Pick<Job, "argv" | "cwd" | "env">) =>
      void (await checkCommand(files, spec, environment.base)),
    realFolder: (path: string) => files.real(path).catch(() => null),
    readState: (place: StatePlace) => readStateOf(files, place),
    logKeptFrom: (id: RunId) => {
      const cap = supervisor.logCap(id);
      return cap === null ? null : () => cap.dropped;
    },
    openLog: (run: Run, keptFrom: () => number) =>
      openLog(logFile(config.paths.data, run.jobId, startedAs(run)), keptFrom),
    lineageFolder: (id: JobId, lineageId: RunId) => lineageFolder(config.paths.data, id, lineageId),
    findJob: (id: JobId) => findJob(store, id),
    listJobs: (page: { after: string | null; limit: number }) => listJobs(store, page),
    listJobsWithNewest: () => listJobsWithNewest(store),
    insertJob: (job: Job, secrets: Variables, audit: AuditEntry) => insertJob(store, job, secrets, audit),
    updateJob: (id: JobId, version: number, change: Parameters<typeof updateJob>[3], audit: AuditEntry) =>
      updateJob(store, id, version, change, audit),
    deleteJob: (id: JobId, audit: AuditEntry, now: number) => beginDeletion(store, id, audit, now),
    finishDeletions: () => app.finishDeletions(),
    enqueueRun: (
      id: JobId,
      decide: (job: Job, newest: Run | null) => Decision | LookAgain,
      audit: (run: Run) => AuditEntry,
      now: number,
    ) => {
      // What is queued now would only wait for the next dashboard, and whoever asked would not know.
      if (booted()?.phase === "stopping") throw unavailable();
      return enqueueRun(store.as({ signal }), id, decide, audit, now);
    },
    applyEvent: (id: RunId, event: RunEvent, audit?: AuditEntry) =>
      applyEvent(store, id, event, wallClock(), audit),
    noteEvent: (id: RunId, type: string, data: Readonly<Record<string, unknown>>) =>
      noteEvent(store, id, { type, data }, wallClock()),
    findRun: (id: RunId) => findShownRun(store, id),
    listRuns: (filter: RunFilter, page: { before: string | null; limit: number }) =>
      listRuns(store, filter, page),
    listUnfinished: () => listUnfinished(store),
    listAwaitingSuccessor: () => listAwaitingSuccessor(store),
    findEvent: (id: RunId, types: readonly string[]) => findEvent(store, id, types),
    listEvents: (id: RunId, page: { after: number; limit: number }) => listEvents(store, id, page),
    ...environmentOf(app),
    ...folderOf(app),
    ...locksOf(app),
    ...stuckOf(app),
    ...plansOf(app),
    ...straysOf(app),
    ...recoveryOf(app),
    listUsage: (id: RunId) => listUsage(store, id),
    recentUsage: (id: RunId) => supervisor.recentUsage(id),
    demoJob: () => demoJob(app),
    doctorFacts: () => doctorFacts(app),
  };
}

/** The scraper a first visit offers: plain Node, reading the shop this dashboard itself serves. */
function demoJob({ config }: App) {
  const cwd = join(config.paths.data, "demo");
  mkdirSync(cwd, { recursive: true, mode: 0o750 });
  return {
    id: "demo" as JobId,
    title: "Demo: a small shop",
    argv: [process.execPath, join(config.root, "examples/shop/scrapers/plain-node.mjs")],
    cwd,
    checkpoint: "checkpoint.json",
    tags: ["demo"],
  };
}

function appOf(state: Booted | null): App | null {
  return state !== null && "app" in state ? state.app : null;
}

/** Never throws, whatever state the process is in. */
export function healthView(): HealthView {
  const state = booted();
  const failure = state?.phase === "failed" ? state.failure : null;
  const ready = state?.phase === "ready";
  return {
    status: ready ? "ok" : "unavailable",
    supervisor: state?.phase ?? "booting",
    version: packageJson.version,
    code: failure?.code ?? null,
    reason: failure?.message ?? null,
    folder: folderState(appOf(state)),
    disk: diskView(appOf(state)?.disk.last() ?? null),
    onShutdown: slot().lifecycle?.onShutdown ?? null,
    runsWatched: appOf(state)?.supervisor.watchedCount() ?? 0,
    runsNotRecovered: appOf(state)?.supervisor.unrecovered().length ?? 0,
    uptimeMs: state === null ? 0 : wallClock() - state.since,
  };
}

function folderState(app: App | null): HealthView["folder"] {
  if (app === null) return null;
  return app.folder.unconfirmed() === null ? "live" : "unconfirmed";
}

function diskView(status: DiskStatus | null): HealthView["disk"] {
  if (status === null) return null;
  const { state, freeBytes, freePercent, freeInodesPercent } = status;
  return { state, freeBytes, freePercent, freeInodesPercent };
}
