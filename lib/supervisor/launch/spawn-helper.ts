import { type ChildProcess, spawn } from "node:child_process";
import { fstatSync } from "node:fs";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { SupervisorLog } from "../files/supervisor-log";
import { readStat } from "../processes/stat";
import type { LauncherExit, LauncherOrder, Spawner, StartedLauncher } from "../watch/spawner";
import { launchProblem } from "./launch-problem";
import { spawnDirectly } from "./spawn-directly";

/** It starts processes and reads lines. */
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=32", "--v8-pool-size=0"];
/** A start takes milliseconds. One that has not answered by then was stopped from outside, and is killed, or its machine is busy. */
const LOOK_AFTER_MS = 5_000;
/** On a machine so busy that it takes longer, the dashboard starts the launcher itself. */
const ANSWERS_WITHIN_MS = 60_000;
/** A launcher whose start was cut off has taken its claim by then, on a busy machine too, or never will. */
const COMES_WITHIN_MS = 10_000;
/** One that ends again and again is tried later and later; until then launchers are started directly. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;
const SOUND_AFTER_MS = 10_000;

export type SpawnHelper = {
  readonly spawner: Spawner;
  /** null: there is none at this moment, and launchers are started directly. */
  pid(): number | null;
  close(): void;
};

type Waiting = {
  readonly started: StartedLauncher;
  readonly onExit: (exit: LauncherExit) => void;
  begun: boolean;
  /** `not here`: nothing was started, and nothing will be. Does nothing from the second time on. */
  readonly settle: (outcome: "started" | "not here") => void;
};

type Helper = {
  readonly process: ChildProcess;
  readonly orders: Map<number, Waiting>;
  readonly since: number;
  ready: boolean;
};

type Line = {
  readonly id?: number;
  readonly ready?: true;
  readonly begun?: true;
  readonly pid?: number;
  readonly refused?: string;
  readonly problem?: object;
  readonly exit?: LauncherExit;
};

/**
 * Keeps a small process that starts launchers (spawner.mjs), because spawn() stands still for as long as its process is large. While there is none,
 * launchers are started directly. It may be killed at any moment: the launchers live on, and their ends are found as an
 * adopted run's are.
 * @param script spawner.mjs, or its copy
 * @param lookAfterMs for tests: after so long without an answer it is looked whether the helper stands still
 */
export function openSpawnHelper(
  script: string,
  log: Pick<SupervisorLog, "warn">,
  lookAfterMs = LOOK_AFTER_MS,
): SpawnHelper {
  // What a fork costs elsewhere is not measured, so there the dashboard starts launchers itself.
  if (process.platform !== "linux") return { spawner: spawnDirectly, pid: () => null, close: () => {} };
  let closed = false;
  let helper: Helper | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let ids = 0;
  start();
  return {
    pid: () => (helper?.ready === true ? (helper.process.pid ?? null) : null),
    spawner: (order) => (helper?.ready === true ? ask(helper, order) : spawnDirectly(order)),
    close: () => {
      closed = true;
      helper?.process.stdin?.end();
    },
  };

  function start(): void {
    const process = startProcess(script);
    const own: Helper = { process, orders: new Map(), since: performance.now(), ready: false };
    helper = own;
    process.once("error", (error) => gone(own, error));
    process.once("exit", () => gone(own, null));
    for (const stream of [process.stdin, process.stdout]) stream?.on("error", () => undefined);
    if (process.stdout !== null)
      createInterface({ input: process.stdout }).on("line", (line) => heard(own, line));
  }

  function gone(own: Helper, error: Error | null): void {
    if (helper !== own) return;
    helper = null;
    for (const order of own.orders.values()) abandoned(order);
    own.orders.clear();
    if (closed) return;
    if (performance.now() - own.since > SOUND_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
    log.warn({ error: error === null ? null : String(error), againInMs: pauseMs }, "spawn_helper.ended");
    setTimeout(() => {
      if (!closed) start();
    }, pauseMs).unref();
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  }

  async function ask(own: Helper, order: LauncherOrder): Promise<Readonly<StartedLauncher>> {
    const { command, env, log, onExit } = order;
    const { dev, ino } = fstatSync(log.descriptor);
    ids += 1;
    const id = ids;
    const started: StartedLauncher = { came: true, exit: null, problem: null };
    const since = performance.now();
    const late = setInterval(() => {
      if (isStopped(own.process.pid) || performance.now() - since > ANSWERS_WITHIN_MS)
        own.process.kill("SIGKILL");
    }, lookAfterMs);
    const outcome = await new Promise<"started" | "not here">((settle) => {
      own.orders.set(id, { started, onExit, begun: false, settle });
      own.process.stdin?.write(
        `${JSON.stringify({ id, command, env, log: { path: log.path, dev, ino } })}\n`,
      );
    });
    clearInterval(late);
    return outcome === "started" ? started : spawnDirectly(order);
  }
}

/** By a signal, from outside: it would not go on by itself. */
function isStopped(pid: number | undefined): boolean {
  try {
    return pid !== undefined && readStat(pid)?.state === "T";
  } catch {
    // Gone, which its exit tells; or not to be read now.
    return false;
  }
}

function startProcess(script: string): ChildProcess {
  const { LD_LIBRARY_PATH } = process.env;
  const child = spawn(process.execPath, [...FLAGS, script], {
    cwd: "/",
    env: (LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }) as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "ignore"],
    // A session of its own: a Ctrl-C in the terminal is for the dashboard, which still starts and ends runs while it shuts down.
    detached: true,
  });
  // Neither it nor its pipes keep this process from ending.
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as Socket | null)?.unref();
  return child;
}

function heard(own: Helper, text: string): void {
  const line = JSON.parse(text) as Line;
  if (line.ready === true) own.ready = true;
  const order = line.id === undefined ? undefined : own.orders.get(line.id);
  if (order === undefined || line.id === undefined) return;
  if (line.begun === true) order.begun = true;
  if (line.pid !== undefined) order.settle("started");
  if (line.refused !== undefined) {
    own.orders.delete(line.id);
    order.settle("not here");
  }
  if (line.problem !== undefined) {
    own.orders.delete(line.id);
    Object.assign(order.started, { came: false, problem: launchProblem(line.problem) });
    order.settle("started");
  }
  if (line.exit !== undefined) {
    own.orders.delete(line.id);
    order.started.exit = line.exit;
    order.onExit(line.exit);
  }
}

/** The helper has ended. What it had not begun is started by another; what it had may be on its way, and comes at once or never. */
function abandoned({ begun, started, settle }: Waiting): void {
  if (!begun) {
    settle("not here");
    return;
  }
  setTimeout(() => {
    started.problem ??= "the process that starts programs was ended while it started this one";
  }, COMES_WITHIN_MS).unref();
  settle("started");
}
