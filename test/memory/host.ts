import { RECOVERY_LIMITS } from "@/lib/domain/auto-recovery";
import { AppError } from "@/lib/domain/errors";
import type { AuthHost } from "@/lib/domain/ports/accounts";
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
    ...auth(call),
    signInProvider: null,
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
    account: async (name) => ({ name, uid: 1_000, gid: 1_000, home: `/home/${name}`, shell: "/bin/sh" }),
    realFolder: async ({ cwd }) => cwd,
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
    runAs: { isRoot: false, me: "unstuck", usual: null },
    restartDelayMs: 1_000,
    recoveryLimits: RECOVERY_LIMITS,
    sameToken: (one, other) => one === other,
    lineageFolder: ({ id }, lineageId) => `/data/${id}/lineages/${lineageId}`,
    demoJob: () => ({
      id: jobId("demo"),
      title: "Demo",
      argv: ["node", "demo.mjs"],
      cwd: "/",
      runAs: null,
      checkpoint: "state.json",
      tags: ["demo"],
    }),
    doctorFacts: async () => {
      throw new Error("This test has to hand in what the doctor finds.");
    },
    nudgePlans: call("nudgePlans"),
    nudgeSchedules: call("nudgeSchedules"),
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
    door: { url: "http://127.0.0.1:3000" },
  };
}

export const SET_UP_CODE = "the-code";
const STEP_MS = 30_000;

/**
 * Nothing is secret, and everything can be told apart: a password is kept as `hash:` and itself, as `old:` where it is to be hashed again, and each
 * check of one is noted. The code of a time step is its number.
 */
function auth(call: (port: keyof AuthHost) => Call): AuthHost {
  let made = 0;
  const next = (what: string) => {
    made += 1;
    return `${what}-${made}`;
  };
  return {
    noteRefusal: (...given) => call("noteRefusal")(...given),
    hashPassword: async (password) => `hash:${password}`,
    checkPassword: async (password, stored) => {
      call("checkPassword")(stored);
      const outdated = stored === `old:${password}`;
      return { ok: outdated || stored === `hash:${password}`, outdated };
    },
    newSecret: () => next("secret"),
    newApiToken: () => next("unstuck_token"),
    newRecoveryCode: () => next("recovery"),
    hashOf: (secret) => `hash-of:${secret}`,
    newTotpSecret: () => next("TOTP"),
    totpStep: (_secret, code, now) => {
      const current = Math.floor(now / STEP_MS);
      const steps = [current, current - 1, current + 1];
      return steps.find((step) => String(step % 1_000_000).padStart(6, "0") === code) ?? null;
    },
    totpUri: (secret, name) => `otpauth://totp/Unstuck:${name}?secret=${secret}`,
    qrCode: (text) => ({ size: text.length, path: `qr of ${text}` }),
    seal: (text, about) => `sealed:${about}:${text}`,
    unseal: (sealed, about) => {
      const beginning = `sealed:${about}:`;
      if (sealed.startsWith(beginning)) return sealed.slice(beginning.length);
      throw new AppError("SECRET_UNREADABLE", `${sealed} is not about ${about}.`);
    },
    rotateSecretKey: async () => {
      call("rotateSecretKey")();
      return 2;
    },
    isSetUpCode: (code) => code === SET_UP_CODE,
    forgetSetUpCode: call("forgetSetUpCode"),
  };
}
