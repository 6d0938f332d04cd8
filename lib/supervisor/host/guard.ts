import { setTimeout as wait } from "node:timers/promises";
import {
  type DiskLimits,
  type DiskSpace,
  type DiskState,
  judgeDisk,
  scarcest,
  startsNeedPercent,
} from "@/lib/domain/disk";
import { AppError } from "@/lib/domain/errors";
import type { SupervisorLog } from "../files/supervisor-log";
import { measureSpace, mountOf } from "./space";

const LOOK_EVERY_MS = 15_000;
/** A burst of starts asks once. */
const FRESH_FOR_MS = 2_000;
/** A file system that does not answer must not hold up what has nothing to do with it. */
const ANSWERS_WITHIN_MS = 1_000;

export type DiskStatus = DiskSpace & { readonly state: DiskState };

export type DiskGuard = {
  /** As last seen; null: it could not be measured yet. */
  last(): DiskStatus | null;
  /** @throws AppError DISK_FULL when so little is free that no run may be started */
  refuseWhenFull(): Promise<void>;
  /** What a queued run waits for; null: there is room. */
  obstacle(): Promise<string | null>;
  stop(): void;
};

type Needs = {
  readonly folder: string;
  readonly limits: DiskLimits;
  readonly log: SupervisorLog;
  /** There is room again: what waited for it may start. */
  readonly onRoom: () => void;
};

export function guardDisk(needs: Needs): DiskGuard {
  const { folder, limits, log } = needs;
  let status: DiskStatus | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  void look();

  function look(): Promise<void> {
    looking ??= measureSpace(folder)
      .then(take, (error: unknown) => log.error({ folder, error: String(error) }, "disk.unreadable"))
      .finally(() => {
        looking = null;
      });
    return looking;
  }

  function take(space: DiskSpace): void {
    const before = status?.state ?? "ok";
    const state = judgeDisk(space, limits, before);
    status = { ...space, state };
    lookedAt = performance.now();
    if (state === before) return;
    if (state === "ok") log.info({ folder, ...space }, "disk.ok");
    else log.warn({ folder, ...space }, `disk.${state}`);
    if (before === "full") needs.onRoom();
  }

  async function fresh(): Promise<DiskStatus | null> {
    if (performance.now() - lookedAt > FRESH_FOR_MS) {
      const given = new AbortController();
      await Promise.race([
        look(),
        wait(ANSWERS_WITHIN_MS, undefined, { ref: false, signal: given.signal }).catch(() => undefined),
      ]);
      given.abort();
    }
    return status;
  }

  return {
    last: () => status,
    refuseWhenFull: async () => {
      const now = await fresh();
      if (now?.state === "full") throw diskFull(await mountOf(folder), limits, now);
    },
    obstacle: async () => {
      const now = await fresh();
      if (now?.state !== "full") return null;
      const { what, percent } = scarcest(now);
      return `free ${what}: ${rounded(percent)} % free, needs ${startsNeedPercent(limits, "full")} %`;
    },
    stop: () => clearInterval(timer),
  };
}

function diskFull(mount: string, limits: DiskLimits, status: DiskStatus): AppError {
  const { what, percent } = scarcest(status);
  const needed = startsNeedPercent(limits, "full");
  const message = `Only ${rounded(percent)} % of the ${what} of ${mount} (${status.freeBytes} bytes) is free, and below ${limits.refusePercent} % no run is started: it would end in the middle. Free some; starts are possible again from ${needed} %. UNSTUCK_DISK_REFUSE_PERCENT changes the limit.`;
  const { freeBytes, freePercent, freeInodesPercent } = status;
  return new AppError("DISK_FULL", message, {
    mount,
    freeBytes,
    freePercent: rounded(freePercent),
    freeInodesPercent: freeInodesPercent === null ? null : rounded(freeInodesPercent),
    refusePercent: limits.refusePercent,
    neededPercent: needed,
  });
}

/** Down, never up: 1.96 % is not 2 %. */
function rounded(percent: number): number {
  return Math.floor(percent * 10) / 10;
}
