export const DISK_STATES = ["ok", "low", "full"] as const;
export type DiskState = (typeof DISK_STATES)[number];

/** Of the file system that holds the data folder, as a program without special rights may use it. */
export type DiskSpace = {
  readonly freeBytes: number;
  readonly freePercent: number;
  /** null: this file system does not count its inodes. */
  readonly freeInodesPercent: number | null;
};

/** In percent of the whole; 0 switches a limit off. */
export type DiskLimits = { readonly warnPercent: number; readonly refusePercent: number };

/** A state is left only when there is this much more than entered it, so that it does not come and go with every log line. */
export const HYSTERESIS_PERCENT = 1;

export function judgeDisk(space: DiskSpace, limits: DiskLimits, before: DiskState): DiskState {
  const { percent } = scarcest(space);
  if (percent < startsNeedPercent(limits, before)) return "full";
  const warn = limits.warnPercent === 0 ? 0 : limits.warnPercent + (before === "ok" ? 0 : HYSTERESIS_PERCENT);
  return percent < warn ? "low" : "ok";
}

/** How much must be free for a run to start; 0: any. */
export function startsNeedPercent({ refusePercent }: DiskLimits, state: DiskState): number {
  return refusePercent === 0 ? 0 : refusePercent + (state === "full" ? HYSTERESIS_PERCENT : 0);
}

/** A file system can be full of files while it has room for bytes. */
export function scarcest({ freePercent, freeInodesPercent }: DiskSpace): {
  readonly what: "disk space" | "inodes";
  readonly percent: number;
} {
  if (freeInodesPercent !== null && freeInodesPercent < freePercent)
    return { what: "inodes", percent: freeInodesPercent };
  return { what: "disk space", percent: freePercent };
}

/** How every text begins that says a run waits for room on the disk. */
const ROOM_BEGINS = "free ";

export function isAboutRoom(waitingFor: string | null): boolean {
  return waitingFor?.startsWith(ROOM_BEGINS) ?? false;
}
