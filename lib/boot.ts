import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pino from "pino";
import { openAccounts, sealEverything } from "./accounts";
import { openKeyring } from "./auth/auth";
import { makeDataFolder, toFailure } from "./boot-failure";
import { markJobs, openReader, openSocket } from "./boot-parts";
import { type App, booted, type Parts, setBooted } from "./booted";
import { type Chores, doChores } from "./chores/chores";
import { wallClock } from "./clock";
import { type Config, readConfig } from "./config/config";
import { hostEnvironment } from "./config/host-environment";
import { factsOfThisHost, systemdHint } from "./config/on-shutdown";
import { logFile } from "./config/paths";
import { handedOn, startedWith, toVariables } from "./domain/environment";
import { AppError } from "./domain/errors";
import { passes } from "./domain/passing";
import { startedAs } from "./domain/run";
import { endRuns } from "./end-runs";
import { portsOf } from "./host/ports";
import { keepStatus, statusAnswers } from "./kept-status";
import { identifyFolder } from "./own-folder";
import { settleRunEnvironment } from "./run-environment";
import { reportAnswers } from "./run-reports";
import { tellHowToSetUp } from "./set-up-words";
import { type AnswerApi, slot } from "./slot.mjs";
import { environmentPolicy } from "./store/environment";
import { takeInstanceLock } from "./store/instance-lock";
import { secretValues } from "./store/job-secrets";
import { openStore } from "./store/open";
import { recordsOf } from "./store/records";
import { runSecretValues } from "./store/run-secrets";
import { beat, registerWorker } from "./store/workers";
import { findCgroups, noCgroups } from "./supervisor/host/cgroups";
import { clockWitness } from "./supervisor/host/clock-witness";
import { guardDisk } from "./supervisor/host/guard";
import { installScript } from "./supervisor/launch/install-script";
import { openSpawnHelper } from "./supervisor/launch/spawn-helper";
import { processesOfThisHost } from "./supervisor/processes/of-this-host";
import { createSupervisor } from "./supervisor/supervisor";

/** Composition root of the process, called by instrumentation.ts. */

const RETRY_EVERY_MS = 3_000;
const LET_GO_WITHIN_MS = 5_000;
const NOTHING_UP = { admit: null, answerReport: null, answerStatus: null };

/** The API answers from the first moment on, if only that Unstuck is starting. Only the first call does anything. */
export async function bringUp(answerApi: AnswerApi): Promise<void> {
  if (booted() !== null) return;
  slot().answerApi = answerApi;
  await boot();
}

/** Never throws: a failure is kept, shown by every page and answered with 503 by every command. */
async function boot(): Promise<void> {
  const since = wallClock();
  // Its level is set once the configuration has been read, which may fail and must be told.
  const log = slot().log ?? pino();
  setBooted({ phase: "booting", since, log });
  try {
    const host = factsOfThisHost(process.env, slot().server?.servicePid);
    const config = readConfig(process.env, process.cwd(), host);
    log.level = config.logLevel;
    await comeUp(config, log, since);
  } catch (error) {
    const failure = toFailure(error);
    log.error({ code: failure.code, reason: failure.message }, "boot.failed");
    setBooted({ phase: "failed", since, log, failure });
    if (passes(failure) || passes(error)) setTimeout(() => void boot(), RETRY_EVERY_MS).unref();
  }
}

async function comeUp(config: Config, log: pino.Logger, since: number): Promise<void> {
  const server = slot().server;
  if (server === null) {
    throw new AppError(
      "NOT_SERVED_BY_UNSTUCK",
      "Next was started directly, without Unstuck's own server in front, which keeps foreign pages out. Use npm start.",
    );
  }
  makeDataFolder(config.paths.data);
  const closing: (() => Promise<void> | void)[] = [];
  const closeAll = async () => {
    for (const close of closing.splice(0).reverse()) await closed(close, log);
  };
  try {
    const app = await assemble(config, server, log, closing);
    const { onShutdown } = config;
    log.info({ policy: onShutdown.policy, why: onShutdown.why }, "boot.on_shutdown");
    const hint = systemdHint(onShutdown, process.env, server.servicePid);
    if (hint !== null) log.warn({ hint }, "boot.kill_mode");
    slot().lifecycle = {
      onShutdown: onShutdown.policy,
      endRuns: async (signal) => {
        if (onShutdown.policy === "leave" || app.folder.unconfirmed() !== null) return;
        setBooted({ phase: "stopping", since, log, app });
        // What is over now is gone on with by the next start. Waited for when all is closed.
        app.chores.hold();
        await endRuns(app, log, signal);
      },
      hurry: () => app.supervisor.hurry(),
      letGo: async (answered) => {
        setBooted({ phase: "stopping", since, log, app: null });
        Object.assign(slot(), NOTHING_UP);
        await inTime(answered().then(closeAll), log);
      },
    };
    slot().admit = app.auth.admit;
    await app.folder.settle();
    const mayBegin = app.folder.unconfirmed() === null;
    if (mayBegin) await app.supervisor.start();
    setBooted({ phase: "ready", since, log, app });
    slot().answerReport = reportAnswers(app);
    slot().answerStatus = statusAnswers(app.status);
    tellHowToSetUp(app, log);
    if (mayBegin) await app.chores.takeUp();
    log.info({ origin: server.origin, watched: app.supervisor.watchedCount() }, "boot.ready");
  } catch (error) {
    slot().lifecycle = null;
    Object.assign(slot(), NOTHING_UP);
    await closeAll();
    throw error;
  }
}

/** A database that another program holds must not keep us: dying at any moment loses nothing, so not waiting does not either. */
async function inTime(closing: Promise<void>, log: pino.Logger): Promise<void> {
  const late = wait(LET_GO_WITHIN_MS, "late");
  if ((await Promise.race([closing, late])) === "late") log.warn({}, "shutdown.not_waited_for");
}

/** Each whatever became of the others: what stays open would be in the way of the next attempt. */
async function closed(close: () => Promise<void> | void, log: pino.Logger): Promise<void> {
  try {
    await close();
  } catch (error) {
    log.error({ error: String(error) }, "close.failed");
  }
}

type Server = NonNullable<ReturnType<typeof slot>["server"]>;

/** Puts the parts together; what has to be closed again goes on `closing`, so that a failure half-way leaves nothing open. */
async function assemble(
  config: Config,
  server: Server,
  log: pino.Logger,
  closing: (() => Promise<void> | void)[],
): Promise<App & { readonly chores: Chores }> {
  const { paths, root } = config;
  const lock = takeInstanceLock(paths.instanceLock, { pid: process.pid, origin: server.origin });
  closing.push(() => lock.release());
  const keyring = openKeyring(paths.secretKey, config.secretKeyFile);
  const store = await openStore(root, paths.database, {
    slow: (statement) => log.warn(statement, "store.slow"),
    sealing: keyring,
  });
  closing.push(() => store.close());
  await sealEverything(store, log);
  const socket = await openSocket(server, paths.socket, log);
  closing.push(() => socket.close());
  const environment = hostEnvironment(server.environment, root);
  await settleRunEnvironment(config, store, environment, log);
  await markJobs(store, log);
  const processes = processesOfThisHost();
  const hostInstance = processes.hostInstance();
  const cgroups = config.cgroups === "off" ? noCgroups("UNSTUCK_CGROUPS=off") : findCgroups(paths.data);
  log.info({ mode: cgroups.mode, why: cgroups.why }, "limits.mode");
  const files = openReader(config, log);
  closing.push(() => files.close());
  const folder = await identifyFolder(store, paths, processes, files.files, log);
  closing.push(() => folder.shutdown());
  const worker = { id: folder.worker, hostname: hostname(), hostInstance, pid: process.pid };
  const disk = guardDisk({ folder: paths.data, limits: config.disk, log, onRoom: () => supervisor.nudge() });
  closing.push(() => disk.stop());
  const helper = openSpawnHelper(
    installScript(join(root, "lib/supervisor/launch/spawner.mjs"), paths.launchers),
    log,
  );
  closing.push(() => helper.close());
  const supervisor = createSupervisor({
    files: files.files,
    records: recordsOf(store, worker.id, wallClock),
    processes,
    cgroups,
    clock: clockWitness(wallClock, processes.sinceBootMs),
    log,
    paths: {
      ...paths,
      launcher: installScript(join(root, "lib/supervisor/launch/launcher.sh"), paths.launchers),
    },
    spawner: helper.spawner,
    logFile: (run) => logFile(paths.data, run.jobId, startedAs(run)),
    workerId: worker.id,
    hostInstance,
    ownerEpoch: await registerWorker(store, worker, wallClock()),
    baseEnv: environment.base,
    needsRunAs: process.getuid?.() === 0,
    allowedCommands: config.allowedCommands,
    handedOn: async () =>
      toVariables(handedOn(environment, config.inherit, await environmentPolicy(store)).variables),
    secrets: (job) => secretValues(store, job),
    runSecrets: (run) => runSecretValues(store, run),
    startedWith: startedWith(environment),
    url: server.origin,
    now: wallClock,
    beat: async () => {
      const now = wallClock();
      await beat(store, worker.id, now);
      folder.inUse(now);
    },
    diskObstacle: () => disk.obstacle(),
    onEnded: (run, ranMs) => chores.ended(run, ranMs),
  });
  closing.push(() => supervisor.shutdown());
  const { origin } = server;
  const auth = openAccounts({ config, store, keyring, folder: worker.id, ports: () => ports, origin, log });
  const parts: Parts = {
    config,
    store,
    auth,
    keyring,
    supervisor,
    disk,
    folder,
    begin: async () => {
      await supervisor.start();
      await chores.takeUp();
    },
    files: files.files,
    socket,
    origin,
    environment,
    nudgePlans: () => chores.nudgePlans(),
    nudgeSchedules: () => chores.nudgeSchedules(),
    skipPastSlots: () => chores.skipPast(),
    finishDeletions: () => chores.finishDeletions(),
    wakeRecovery: (job) => chores.wakeRecovery(job),
    goOnWithRestart: (ended) => chores.goOnWithRestart(ended),
  };
  const ports = portsOf(parts);
  const app = { ...parts, ports, status: keepStatus(store, ports.operator) };
  const chores = doChores(app, log);
  closing.push(() => chores.shutdown());
  return { ...app, chores };
}
