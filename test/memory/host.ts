import { RECOVERY_LIMITS } from "@/lib/domain/auto-recovery";
import { AppError } from "@/lib/domain/errors";
import type { EnvironmentHere } from "@/lib/domain/ports/environment";
import type { Folder } from "@/lib/domain/ports/folder";
import type { Here, Logs, Machine, Watch } from "@/lib/domain/ports/host";
import type { StrayWatch } from "@/lib/domain/ports/outside";
import type { Host } from "@/lib/domain/ports/ports";
import { isActive } from "@/lib/domain/run";
import { jobId, WORKER } from "@/test/factories";
import { type Tables, writeAudit } from "./tables";

/** What a verb has set going: the port, and what it was given. */
export type Called = readonly [port: keyof Host, ...given: unknown[]];

export const HOST_INSTANCE = "boot/1/1";

/** A healthy machine: there is room, every command is found, nothing runs outside, and no file says anything. */
export function hostPorts(tables: Tables, clock: () => number, called: Called[]): Host {
  const call =
    (port: keyof Host) =>
    (...given: readonly unknown[]) =>
      void called.push([port, ...given]);
  return {
    ...watch(tables, call("nudge")),
    ...machine(call("endForeign")),
    ...here(clock, call),
    ...folder(tables, clock),
    ...strays(call("endStray")),
    ...logs(),
    ...environment(),
  };
}

type Call = (...given: readonly unknown[]) => void;

/** No run is watched; the process of every active one lives. */
function watch(tables: Tables, nudge: Call): Watch {
  return {
    live: () => null,
    whyUnrecovered: () => null,
    recentUsage: () => [],
    nudge,
    expectStart: () => undefined,
    verify: async () => false,
    proveGone: async (id) => {
      const run = tables.runs.get(id);
      if (run === undefined || !isActive(run.state)) return { found: "gone", ended: false };
      return { found: "alive", pids: run.process === null ? [] : [run.process.pid] };
    },
    launchOffer: () => null,
  };
}

function machine(endForeign: Call): Machine {
  return {
    seePidFile: async () => ({ found: "nothing" }),
    checkPidFile: async () => {},
    removeStalePidFile: async () => false,
    endForeign,
    isEnding: () => false,
    identify: (pid) => ({ pid, startTicks: 1 }),
    whoIs: () => null,
    stateHolder: async () => null,
    checkCommand: async () => {},
    realFolder: async (path) => path,
    readState: async () => ({ found: "none", path: null }),
    checkRoom: async () => {},
  };
}

function here(now: () => number, call: (port: keyof Here) => Call): Here {
  return {
    now,
    random: () => 0,
    hostname: "host.test",
    defaultCwd: "/",
    restartDelayMs: 1_000,
    recoveryLimits: RECOVERY_LIMITS,
    sameToken: (one, other) => one === other,
    lineageFolder: (id, lineageId) => `/data/${id}/lineages/${lineageId}`,
    demoJob: () => ({
      id: jobId("demo"),
      title: "Demo",
      argv: ["node", "demo.mjs"],
      cwd: "/",
      checkpoint: "state.json",
      tags: ["demo"],
    }),
    doctorFacts: async () => {
      throw new Error("This test has to hand in what the doctor finds.");
    },
    nudgePlans: call("nudgePlans"),
    finishDeletions: async () => call("finishDeletions")(),
    wakeRecovery: call("wakeRecovery"),
    goOnWithRestart: call("goOnWithRestart"),
  };
}

function folder(tables: Tables, clock: () => number): Folder {
  return {
    refuseUnconfirmed: () => {},
    findFolder: () => ({ path: "/data", worker: WORKER, unconfirmed: null }),
    isElsewhere: async () => false,
    confirmFolder: async (audit) => writeAudit(tables, audit, clock()),
    heldBack: () => null,
  };
}

function strays(endStray: Call): StrayWatch {
  return {
    findStrays: async () => [],
    findStray: async () => null,
    endStray,
    adoptStray: (_stray, _pidFile, write) =>
      write({ workerId: WORKER, hostInstance: HOST_INSTANCE, ownerEpoch: 1 }),
  };
}

function logs(): Logs {
  return {
    logKeptFrom: () => null,
    openLog: ({ id }) => {
      throw new AppError("LOG_NOT_FOUND", `${id} has no log.`);
    },
  };
}

function environment(): EnvironmentHere {
  return {
    hostEnvironment: { base: { PATH: "/usr/bin" }, others: {}, dotEnv: {} },
    inheritPatterns: [],
    door: { url: "http://127.0.0.1:3000", socket: null },
  };
}
