import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { JobKind } from "@/lib/domain/job";
import type { SignalProfile } from "@/lib/domain/signal-profile";
import { graceOf, isAskedOnce, usualSignals } from "@/lib/domain/signals";
import { type AskedRound, type AskedSoFar, NOBODY_ASKED } from "@/lib/domain/signals-sent";
import { asker } from "@/lib/supervisor/ending/asking";
import { withProgramInput } from "@/lib/supervisor/launch/program-input";
import { linuxProcesses } from "@/lib/supervisor/processes/linux";
import { findMembers } from "@/lib/supervisor/processes/members";
import { type Ended, OURS, startChild } from "./children";
import { program } from "./programs";
import { until } from "./until";

const processes = linuxProcesses();

let trees = 0;

export type AskedTree = {
  readonly pid: number;
  readonly command: string;
  /** Asks it to end, as a run of that kind, and waits until nothing of it is left. */
  ask(how?: Partial<Ask>): Promise<{ readonly rounds: readonly AskedRound[]; readonly ended: Ended }>;
  members(): Promise<readonly number[]>;
};

export type Ask = {
  readonly kind: JobKind;
  readonly profile: SignalProfile;
  /** When set, the asking stops here: what a dashboard leaves that goes down in between. */
  readonly until: (rounds: readonly AskedRound[]) => boolean;
  readonly before: AskedSoFar;
  /** How much of the grace is over: a test says so, that a busy machine makes no difference. */
  readonly sinceMs: () => number;
};

/** Starts a program as a launcher does, in a session of its own, to be asked to end without a dashboard. */
export function startTree(
  argv: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): AskedTree {
  trees += 1;
  const marker = `${OURS}${trees}`;
  const [command = "", ...args] = argv;
  const child = withProgramInput((input) =>
    startChild(command, args, {
      detached: true,
      stdio: [input, "ignore", "ignore"],
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...env, UNSTUCK_RUN: marker },
    }),
  );
  const payload = { pid: child.pid, startTicks: processes.read(child.pid)?.startTicks ?? 0 };
  const tree = { marker, launcher: null, payload, sessions: new Map<number, number>() };
  const find = () => findMembers(processes, tree);
  return {
    pid: child.pid,
    command: argv.join(" "),
    members: async () => (await find()).map(({ pid }) => pid),
    async ask({
      kind = "command",
      profile = usualSignals(kind),
      until: isOver,
      before = NOBODY_ASKED,
      sinceMs = () => 0,
    } = {}) {
      const rounds: AskedRound[] = [];
      let over: Ended | null = null;
      void child.ended.then((ended) => {
        over = ended;
      });
      const how = {
        profile,
        once: isAskedOnce(kind),
        clock: () => ({ sinceMs: sinceMs(), graceMs: graceOf(profile) }),
        find,
        root: () => payload,
        hasEnded: () => over !== null,
        note: async (round: AskedRound) => void rounds.push(round),
        abort: new AbortController().signal,
      };
      const its = asker(processes, how, before);
      await until(`${argv.join(" ")} has ended`, async () => {
        await its.tick();
        return isOver?.(rounds) === true || (over !== null && (await find()).length === 0);
      });
      return { rounds, ended: over ?? { code: null, signal: null } };
    },
  };
}

/** The lines a program has written, none while there is no file. */
export function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}

/** What a title says when its program is not there; null when it is. */
export function without(...programs: readonly string[]): string | null {
  const missing = programs.filter((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0);
  return missing.length === 0 ? null : ` [skipped: not found: ${missing.join(", ")}]`;
}

/** A program that writes its pid, and the signal it is asked by, into a file. */
export const SAVES = program("saves-when-asked")[0] ?? "";

/** What that file holds once it was asked by this signal. */
export const saved = (signal: string) => [expect.stringMatching(/^pid /), signal, "saved"];

export const isReady = (...files: string[]) =>
  until("they are ready", () => files.every((file) => linesOf(file).length > 0));
