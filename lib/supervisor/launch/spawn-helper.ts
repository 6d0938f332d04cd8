import { fstatSync } from "node:fs";
import type { SupervisorLog } from "../files/supervisor-log";
import {
  GIVEN_UP,
  type LauncherExit,
  type LauncherOrder,
  notStarted,
  type Spawner,
  type StartedLauncher,
} from "../watch/spawner";
import { type HelperProcess, startHelperProcess } from "./helper-process";
import { launchProblem } from "./launch-problem";
import { spawnDirectly } from "./spawn-directly";

/** A start takes milliseconds. If one has not been answered by then, it is looked whether the helper was stopped, and that one is killed. */
const LOOK_AFTER_MS = 1_000;
/** One that has said nothing for so long, with an order to answer, is killed whatever holds it up. */
const SILENT_AT_MOST_MS = 20_000;
/** One that ends again and again is tried later and later; until then launchers are started directly. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;
const SOUND_AFTER_MS = 10_000;

export type SpawnHelper = {
  readonly spawner: Spawner;
  /** null: there is none at this moment, and launchers are started directly. */
  pid(): number | null;
  /** Never waits: the helper ends by itself. */
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
  process: HelperProcess | null;
  /** Until its launcher has ended. */
  readonly orders: Map<number, Waiting>;
  readonly since: number;
  heardAt: number;
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
 */
export function openSpawnHelper(script: string, log: Pick<SupervisorLog, "warn">): SpawnHelper {
  // What a fork costs elsewhere is not measured, so there the dashboard starts launchers itself.
  if (process.platform !== "linux") return { spawner: spawnDirectly, pid: () => null, close: () => {} };
  let closed = false;
  let helper: Helper | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let ids = 0;
  start();
  return {
    pid: () => (helper?.ready === true ? (helper.process?.pid ?? null) : null),
    spawner: (order) => (helper?.ready === true && !closed ? ask(helper, order) : spawnDirectly(order)),
    close: () => {
      closed = true;
      helper?.process?.letGo();
    },
  };

  function start(): void {
    const now = performance.now();
    const own: Helper = { process: null, orders: new Map(), since: now, heardAt: now, ready: false };
    helper = own;
    try {
      own.process = startHelperProcess(
        script,
        (line) => heard(own, line),
        (error) => gone(own, error),
      );
    } catch (error) {
      gone(own, error);
    }
  }

  function gone(own: Helper, error: unknown): void {
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
    const { command, env, log, record, onExit } = order;
    const { dev, ino } = fstatSync(log.descriptor);
    if (order.isGivenUp()) return notStarted(GIVEN_UP);
    ids += 1;
    const id = ids;
    const started: StartedLauncher = { came: true, exit: null, problem: null };
    const since = performance.now();
    const late = setInterval(() => {
      const silentMs = performance.now() - Math.max(since, own.heardAt);
      if (own.process?.isStopped() === true || silentMs > SILENT_AT_MOST_MS) own.process?.kill();
    }, LOOK_AFTER_MS).unref();
    const outcome = await new Promise<"started" | "not here">((settle) => {
      own.orders.set(id, { started, onExit, begun: false, settle });
      own.process?.write(JSON.stringify({ id, command, env, log: { path: log.path, dev, ino }, record }));
    });
    clearInterval(late);
    return outcome === "started" ? started : spawnDirectly(order);
  }
}

function heard(own: Helper, text: string): void {
  const line = JSON.parse(text) as Line;
  own.heardAt = performance.now();
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
    Object.assign(order.started, notStarted(launchProblem(line.problem)));
    order.settle("started");
  }
  if (line.exit !== undefined) {
    own.orders.delete(line.id);
    order.started.exit = line.exit;
    order.onExit(line.exit);
  }
}

/** The helper has ended. What it had not begun is started by another; of what it had nothing more will be told. */
function abandoned({ begun, started, settle }: Waiting): void {
  if (begun) started.problem = "the process that starts programs was ended while it started this one";
  settle(begun ? "started" : "not here");
}
