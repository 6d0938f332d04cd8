import { type FSWatcher, mkdirSync, watch as watchFolder } from "node:fs";
import { parseRunId, type RunId, type WorkerId } from "@/lib/domain/ids";
import type { Found } from "@/lib/domain/import-process";
import type { JobPidFile } from "@/lib/domain/pid-file";
import type {
  LaunchOffer,
  LiveFacts,
  Proof,
  StateHolder,
  StateOf,
  Unrecovered,
} from "@/lib/domain/ports/host";
import { type HostInstance, isFinal, type ProcessIdentity, type Run } from "@/lib/domain/run";
import { beginEnding } from "./ending/endings";
import { finishRemoval } from "./ending/finish";
import { look } from "./finding-out/look";
import { proveGone } from "./finding-out/prove-gone";
import { recovering } from "./finding-out/recovering";
import { verify } from "./finding-out/verify";
import { rememberWhereabouts, type Whereabouts, whereabouts } from "./finding-out/whereabouts";
import { whoIs } from "./finding-out/who-is";
import { offerOf } from "./launch/launch";
import { seeStateHolder } from "./launch/state-holder";
import { liveFacts } from "./life/live-facts";
import { type RunReport, type Taken, takeReport } from "./life/report";
import { lifeSaver } from "./life/save-life";
import { capOf } from "./log/cap-state";
import { type EndAll, endAll } from "./loop/end-all";
import { type Sampling, startSampling } from "./loop/sampling";
import { queueWorker } from "./loop/starts";
import { type Sweeping, startSweeping } from "./loop/sweep";
import { tidy } from "./loop/tidy";
import { type ForeignWatch, foreignWatch } from "./outside/foreign-watch";
import { type StrayWatch, strayWatch } from "./outside/stray-watch";
import { takeUpStops } from "./outside/take-up-stops";
import { checkPidFile } from "./pid-file/keep-pid-file";
import { recentUsage, usageOf } from "./usage/run-usage";
import type { UsagePoint } from "./usage/series";
import { closing } from "./watch/closing";
import type { Duty } from "./watch/duty";
import type { SupervisorPorts } from "./watch/ports";
import { tracker } from "./watch/tracker";
import { knownProcesses, type Watched, watch } from "./watch/watched";

export type Supervisor = ForeignWatch &
  StrayWatch & {
    /** Finds out about every unfinished run, then takes up work. */
    start(): Promise<void>;
    /** Something was committed: a new queued run (no id) or a stop of this run. */
    nudge(runId?: RunId): void;
    /** A start is asked for: what takes a moment and decides nothing is prepared. */
    expectStart(): void;
    live(runId: RunId): LiveFacts | null;
    /** Where its log begins, fresher than its row and for as long as one holds it; null: the run is not watched. */
    logCap(runId: RunId): { readonly dropped: number } | null;
    /** Looks for a run's processes; when nothing of it is left, its end is written down. */
    proveGone(runId: RunId): Promise<Proof>;
    /** A run says something of itself, with the token it was given. */
    report(report: RunReport): Taken;
    /** How a run used the machine in the last ten minutes or more, oldest first; none for one that is not watched. */
    recentUsage(runId: RunId): readonly UsagePoint[];
    /** Looks at the run's real process now. @returns whether it is over */
    verify(runId: RunId): Promise<boolean>;
    /** May a run be queued under this pid file now? One that another run of ours holds is waited for. @throws AppError FOREIGN_PROCESS, PID_FILE_REFUSED, PATH_NOT_ANSWERING */
    checkPidFile(file: JobPidFile | null): Promise<void>;
    /** What the terminal needs that is to launch this run; null while it is not its turn, or no more. */
    launchOffer(runId: RunId): LaunchOffer | null;
    identify(pid: number): ProcessIdentity | null;
    /** Who works in the JOBDIR or storage of such a run right now, be it a process of ours or not. */
    stateHolder(spec: StateOf): Promise<StateHolder | null>;
    /** null when there is no such process, or the number is not a program's. */
    whoIs(pid: number): Found;
    /** What can be known about a run's process without watching it. */
    whereabouts(run: Run): Promise<Whereabouts>;
    /** The same as it was found last, without waiting; asks for the next look. */
    lastWhereabouts(run: Run): Whereabouts;
    readonly worker: { readonly id: WorkerId; readonly hostInstance: HostInstance };
    watchedCount(): number;
    /** The runs of which it could not be found out yet what has become of them. */
    unrecovered(): readonly Unrecovered[];
    whyUnrecovered(runId: RunId): Unrecovered | null;
    /**
     * Ends every run that has a process within a budget; nothing new is started from here on.
     * @returns the runs that are left for the next dashboard to go on with
     */
    endAll(how: EndAll): Promise<readonly RunId[]>;
    /** Kills what `endAll` is still waiting for. */
    hurry(): void;
    /** Lets go of everything and leaves the runs alone; resolves when nothing of ours is under way. */
    shutdown(): Promise<void>;
  };

export function createSupervisor(ports: SupervisorPorts): Supervisor {
  const abort = new AbortController();
  const basis = { ports, list: new Map(), abort: abort.signal, tasks: tracker(ports.log) };
  const duty: Duty = {
    ...basis,
    closing: closing(),
    life: lifeSaver(basis),
    recovering: recovering({ ...basis, takeUp: (watched) => duty.takeUp(watched) }),
    takeUp: (watched) =>
      watched.run.state === "stopping" ? beginEnding(duty, watched) : duty.lookSoon(watched),
    lookSoon: (watched) => lookSoon(duty, watched),
    claimQueued: () => {
      if (onDuty) claimQueued();
    },
  };
  ports.processes.know(() => knownProcesses(duty.list));
  const claimQueued = queueWorker(duty);
  const foreign = foreignWatch(duty);
  const strays = strayWatch(duty);
  const remembered = rememberWhereabouts((run) => whereabouts(ports, run));
  const ofWatched = <Value>(runId: RunId, of: (watched: Watched) => Value): Value | null => {
    const watched = duty.list.get(runId);
    return watched === undefined ? null : of(watched);
  };
  /**
   * Before it has begun nothing is started, signalled or ended, not even on request: its data folder may not
   * be the live one.
   */
  let onDuty = false;
  let sweeping: Sweeping | null = null;
  let sampling: Sampling | null = null;
  let exitsWatch: FSWatcher | null = null;

  return {
    async start() {
      for (const folder of [ports.paths.runs, ports.paths.exits])
        mkdirSync(folder, { recursive: true, mode: 0o700 });
      exitsWatch ??= watchExits(duty);
      // States and ids alone: a row that cannot be read is that run's own trouble.
      const unfinished = await ports.records.listUnfinishedStates();
      await duty.recovering.takeAll(unfinished.map(({ id }) => id));
      sweeping = startSweeping(duty);
      if (process.platform === "linux") sampling = startSampling(duty);
      onDuty = true;
      claimQueued();
      void duty.tasks.run("stops", () => takeUpStops(duty, foreign, strays));
      void duty.tasks.run("tidy", () => tidyWhenFound(duty));
      void duty.tasks.run("tidy-groups", () => ports.cgroups.tidy((name) => isOver(duty, name)));
    },
    expectStart: () => void ports.cgroups.expectEntry(),
    nudge(runId) {
      if (abort.signal.aborted || !onDuty) return;
      if (runId === undefined) claimQueued();
      else takeStop(duty, runId);
    },
    live: (runId) => liveFacts(duty, duty.list.get(runId)),
    logCap: (runId) => ofWatched(runId, capOf),
    proveGone: (runId) => proveGone(duty, runId),
    report: (report) => takeReport(duty, report),
    recentUsage: (runId) => ofWatched(runId, (watched) => recentUsage(usageOf(watched))) ?? [],
    verify: (runId) => verify(duty, runId),
    checkPidFile: (file) => checkPidFile(ports, duty.list, file, "may wait"),
    ...foreign,
    ...strays,
    launchOffer: (runId) => ofWatched(runId, offerOf),
    identify: (pid) => identify(duty, pid),
    stateHolder: (spec) => seeStateHolder(ports, spec),
    whoIs: (pid) => whoIs(ports, pid),
    whereabouts: remembered.see,
    lastWhereabouts: remembered.last,
    worker: { id: ports.workerId, hostInstance: ports.hostInstance },
    watchedCount: () => duty.list.size,
    unrecovered: () => duty.recovering.list(),
    whyUnrecovered: (runId) => duty.recovering.find(runId),
    endAll: async (how) => {
      duty.closing.begin();
      return onDuty ? endAll(duty, how) : [];
    },
    hurry: () => duty.closing.hurry(),
    async shutdown() {
      abort.abort();
      sweeping?.stop();
      duty.life.stop();
      sampling?.stop();
      exitsWatch?.close();
      await duty.tasks.settled();
      await duty.life.save();
      await sampling?.save();
      await finishRemoval();
    },
  };
}

/** A run that is not looked after yet may use the files of the one it was started as. */
async function tidyWhenFound(duty: Duty): Promise<void> {
  await duty.recovering.allFound();
  if (!duty.abort.aborted) await tidy(duty.ports, duty.list);
}

async function isOver({ ports }: Duty, name: string): Promise<boolean> {
  const runId = parseRunId(name);
  const run = runId === null ? null : await findOrNull(ports, runId);
  return run !== null && isFinal(run.state);
}

/** Of a row that cannot be read nothing is known, so nothing of it is removed. */
async function findOrNull({ records, log }: SupervisorPorts, runId: RunId): Promise<Run | null> {
  try {
    return await records.find(runId);
  } catch (error) {
    log.warn({ runId, error: String(error) }, "run.unread");
    return null;
  }
}

/** The watch only makes things faster: under load it loses events, and the sweep is the truth. */
function watchExits({ ports, list, lookSoon: soon }: Duty): FSWatcher | null {
  try {
    const watcher = watchFolder(ports.paths.exits, (_event, name) => {
      const runId = name === null ? null : parseRunId(name);
      const watched = runId === null ? undefined : list.get(runId);
      if (watched !== undefined) soon(watched);
    });
    watcher.on("error", (error) => ports.log.warn({ error: error.message }, "exits.watch_lost"));
    return watcher;
  } catch (error) {
    // Out of inotify watches: the sweep alone serves.
    ports.log.warn({ error: String(error) }, "exits.watch_unavailable");
    return null;
  }
}

function lookSoon(duty: Duty, watched: Watched): void {
  void duty.tasks.run("look", async () => {
    await look(duty.ports, duty.list, watched, duty.abort);
    if (!duty.list.has(watched.run.id)) duty.claimQueued();
  });
}

function takeStop(duty: Duty, runId: RunId): void {
  void duty.tasks.run("stop", async () => {
    // One that is not looked after yet is ended as soon as it is: its row says so.
    if (duty.recovering.find(runId) !== null) return duty.recovering.take(runId);
    const run = await duty.ports.records.find(runId);
    // Another worker finds the stop of its own run in the database.
    if (run?.state === "stopping" && run.workerId === duty.ports.workerId)
      beginEnding(duty, watch(duty.ports, duty.list, run));
    duty.claimQueued();
  });
}

function identify({ ports }: Duty, pid: number): ProcessIdentity | null {
  const info = ports.processes.read(pid);
  return info === null ? null : { pid, startTicks: info.startTicks };
}
