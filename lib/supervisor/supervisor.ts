import { type FSWatcher, mkdirSync, watch as watchFolder } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunId } from "@/lib/domain/ids";
import { parseRunId } from "@/lib/domain/ids";
import { overLimit } from "@/lib/domain/limits";
import type { Run } from "@/lib/domain/run";
import { stopProfile } from "@/lib/kinds/stop-profile";
import { endTree } from "./end-tree";
import { faultPoint } from "./fault";
import { finish, measureLog } from "./finish";
import { launch } from "./launch";
import { look } from "./look";
import type { SupervisorPorts } from "./ports";
import { isAlive } from "./processes/processes";
import { recover } from "./recover";
import { revoke } from "./run-files";
import { tidy } from "./tidy";
import { tracker } from "./tracker";
import { type Watched, type Watchlist, watch } from "./watched";

const SWEEP_EVERY_MS = 2_000;
const SWEEP_SLICE = 100;
const SAVE_LIFE_EVERY_MS = 10_000;

/** What is known of a run's process and log right now, fresher than its row. */
export type LiveFacts = {
  readonly processAlive: boolean | null;
  readonly logBytes: number;
  readonly lastLifeAt: number | null;
};

export type Supervisor = {
  /** Finds out about every unfinished run, then takes up work. */
  start(): Promise<void>;
  /** Something was committed: a new queued run (no id) or a stop of this run. */
  nudge(runId?: RunId): void;
  live(runId: RunId): LiveFacts | null;
  watchedCount(): number;
  /** Lets go of everything and leaves the runs alone; resolves when nothing of ours is under way. */
  shutdown(): Promise<void>;
};

export function createSupervisor(ports: SupervisorPorts): Supervisor {
  const list: Watchlist = new Map();
  const abort = new AbortController();
  const tasks = tracker(ports.log);
  let sweepTimer: NodeJS.Timeout | null = null;
  let exitsWatch: FSWatcher | null = null;
  let claiming: Promise<void> | null = null;
  let claimAgain = false;
  let lifeSavedAt = 0;

  return { start, nudge, live, watchedCount: () => list.size, shutdown };

  async function start(): Promise<void> {
    for (const folder of [ports.paths.runs, ports.paths.exits])
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    exitsWatch = watchExits();
    for (const run of await ports.records.listUnfinished()) {
      if (run.state === "queued") continue;
      const watched = await recover(ports, list, run);
      if (watched !== null) takeUp(watched);
    }
    scheduleSweep();
    claimQueued();
    void tasks.run("tidy", () => tidy(ports));
  }

  /** The watch only makes things faster: under load it loses events, and the sweep is the truth. */
  function watchExits(): FSWatcher | null {
    try {
      const watcher = watchFolder(ports.paths.exits, (_event, name) => {
        const runId = name === null ? null : parseRunId(name);
        const watched = runId === null ? undefined : list.get(runId);
        if (watched !== undefined) lookSoon(watched);
      });
      watcher.on("error", (error) => ports.log.warn({ error: error.message }, "exits.watch_lost"));
      return watcher;
    } catch (error) {
      // Out of inotify watches: the sweep alone serves.
      ports.log.warn({ error: String(error) }, "exits.watch_unavailable");
      return null;
    }
  }

  function takeUp(watched: Watched): void {
    if (watched.run.state === "stopping") beginEnding(watched);
    else lookSoon(watched);
  }

  function lookSoon(watched: Watched): void {
    void tasks.run("look", async () => {
      await look(ports, list, watched, abort.signal);
      if (!list.has(watched.run.id)) claimQueued();
    });
  }

  function nudge(runId?: RunId): void {
    if (abort.signal.aborted) return;
    if (runId === undefined) claimQueued();
    else takeStop(runId);
  }

  function takeStop(runId: RunId): void {
    void tasks.run("stop", async () => {
      const run = await ports.records.find(runId);
      if (run?.state === "stopping") beginEnding(watch(ports, list, run));
      claimQueued();
    });
  }

  /** One pass over the queue at a time; a nudge during it brings another pass. */
  function claimQueued(): void {
    claimAgain = true;
    if (claiming !== null || abort.signal.aborted) return;
    claiming = tasks.run("claim", async () => {
      while (claimAgain && !abort.signal.aborted) {
        claimAgain = false;
        for (const run of await ports.records.listQueued()) {
          if (abort.signal.aborted) return;
          await claimOne(run);
        }
      }
    });
    void claiming.finally(() => {
      claiming = null;
      if (claimAgain) claimQueued();
    });
  }

  async function claimOne(run: Run): Promise<void> {
    const { hostInstance, ownerEpoch } = ports;
    const change = await ports.records.claim(run.id, { type: "claimed", hostInstance, ownerEpoch });
    if (!change.ok) return;
    faultPoint("after-claim");
    const watched = watch(ports, list, change.run);
    // Spawning is what blocks the loop; waiting for one launcher's claim need not hold up the next launch.
    void tasks.run("launch", () => launchOne(watched));
    await nextTurn();
  }

  async function launchOne(watched: Watched): Promise<void> {
    const { run, files } = watched;
    const launched = await launch(ports, run, files, (exit) => {
      watched.launcherExit = exit;
      lookSoon(watched);
    }).catch((error: unknown) => ({
      ok: false as const,
      reason: error instanceof Error ? error.message : String(error),
    }));
    if (launched.ok) {
      faultPoint("before-running");
      watched.tree.launcher = launched.launcher;
      const change = await ports.records.apply(run.id, {
        type: "spawned",
        launcher: launched.launcher,
        process: launched.process,
      });
      if (change.ok) watched.run = change.run;
      ports.log.info({ runId: run.id, pid: launched.process?.pid ?? null }, "run.started");
      takeUp(watched);
      return;
    }
    // Failed only if its launcher can never come: otherwise it is simply late, and found like after a restart.
    if (!revoke(files, "launch failed")) {
      const late = await recover(ports, list, run);
      if (late !== null) takeUp(late);
      return;
    }
    ports.log.warn({ runId: run.id, reason: launched.reason }, "run.launch_failed");
    await finish(ports, list, watched, false, { type: "launch_failed", reason: launched.reason });
    claimQueued();
  }

  function beginEnding(watched: Watched): void {
    if (watched.ending) return;
    watched.ending = true;
    void tasks.run("end", async () => {
      const profile = stopProfile(watched.run.spec.kind);
      const ending = await endTree(ports, watched, profile.firstSignal, graceClock(watched), abort.signal);
      if (ending.outcome === "abandoned") return;
      await finish(ports, list, watched, ending.beforeSignal, { type: "tree_gone" });
      claimQueued();
    });
  }

  /** Counts on the monotonic clock from now, less what a stop before a restart had already used up. */
  function graceClock(watched: Watched): () => number {
    const used = Math.max(0, ports.now() - (watched.run.stopRequestedAt ?? ports.now()));
    const began = performance.now();
    return () => (watched.run.graceMs ?? 0) - used - (performance.now() - began);
  }

  function scheduleSweep(): void {
    sweepTimer = setTimeout(() => {
      void tasks.run("sweep", sweep).finally(() => {
        if (!abort.signal.aborted) scheduleSweep();
      });
    }, SWEEP_EVERY_MS);
    sweepTimer.unref();
  }

  async function sweep(): Promise<void> {
    let count = 0;
    for (const watched of [...list.values()]) {
      if (abort.signal.aborted) return;
      measureLog(ports, watched);
      if (!watched.looking && !watched.ending) {
        lookSoon(watched);
        await keepLimits(watched);
      }
      count += 1;
      if (count % SWEEP_SLICE === 0) await nextTurn();
    }
    if (performance.now() - lifeSavedAt < SAVE_LIFE_EVERY_MS) return;
    lifeSavedAt = performance.now();
    await ports.beat();
    await saveLife();
  }

  /** Over a limit: asked to end like by an operator, with the limit as the cause. */
  async function keepLimits(watched: Watched): Promise<void> {
    const { startedAt, spokeAt } = watched.monotonic;
    const now = performance.now();
    const over = overLimit(watched.run, {
      ranMs: now - startedAt,
      quietMs: spokeAt === null ? null : now - spokeAt,
    });
    if (over === null) return;
    const graceMs = watched.run.spec.timeouts.stopGraceMs;
    const change = await ports.records.apply(watched.run.id, { type: "stop_requested", graceMs, ...over });
    if (!change.ok) return;
    ports.log.warn({ runId: watched.run.id, ...over }, "run.over_limit");
    watched.run = change.run;
    beginEnding(watched);
  }

  async function saveLife(): Promise<void> {
    const fresh = [...list.values()].filter((watched) => !watched.life.saved);
    if (fresh.length === 0) return;
    await ports.records.saveLifeSigns(fresh.map((watched) => ({ runId: watched.run.id, ...watched.life })));
    for (const watched of fresh) watched.life.saved = true;
  }

  function live(runId: RunId): LiveFacts | null {
    const watched = list.get(runId);
    if (watched === undefined) return null;
    const { logBytes, lastLifeAt } = measureLog(ports, watched);
    const { launcher } = watched.tree;
    const processAlive =
      watched.unsupervised || (launcher === null ? null : isAlive(ports.processes, launcher));
    return { processAlive, logBytes, lastLifeAt };
  }

  async function shutdown(): Promise<void> {
    abort.abort();
    if (sweepTimer !== null) clearTimeout(sweepTimer);
    exitsWatch?.close();
    await tasks.settled();
    await saveLife();
  }
}
