import type { RunId } from "@/lib/domain/ids";
import type { UsageSample } from "@/lib/domain/ports/records";
import type { Run } from "@/lib/domain/run";
import { perRun } from "../files/per-run";
import { cpuMsOf, type GroupFolder, memoryOf } from "../host/group";
import { type Book, nextBook, openBook, type Reading } from "./book";
import { addPoint, emptySeries, lastPoint, pointsOf, type Series, type UsagePoint } from "./series";

/** What is known of one run's use of the machine. */
export type RunUsage = {
  book: Book | null;
  cpuMs: number | null;
  peakBytes: number | null;
  readonly series: Series;
  /** Monotonic time of the last point. */
  takenAt: number;
  /** The most memory since the last point that was saved. */
  highBytes: number;
  saved: boolean;
  /** Taken over while it ran: what it used before the first look belongs to no point. */
  fromBefore: boolean;
  groupTellsMemory: boolean;
  /** How many looks in a row have found it standing still. */
  stillLooks: number;
};

type Used = {
  readonly run: Pick<Run, "cpuMs" | "peakMemoryBytes">;
  readonly adopted: boolean;
  readonly startedAt: number;
};

export const usageOf = perRun(({ run, adopted, startedAt }: Used): RunUsage => {
  const { cpuMs, peakMemoryBytes: peakBytes } = run;
  const fresh = { book: null, series: emptySeries(), highBytes: 0, saved: true };
  return {
    ...fresh,
    groupTellsMemory: true,
    stillLooks: 0,
    cpuMs,
    peakBytes,
    takenAt: startedAt,
    fromBefore: adopted,
  };
});

export type Look = {
  readonly readings: readonly Reading[];
  readonly memoryBytes: number;
  readonly processes: number;
};

/** Enters one look at a run's processes. Where the run has a cgroup, the kernel's own books go before ours. */
export function enterLook(
  usage: RunUsage,
  look: Look,
  group: GroupFolder | null,
  msPerTick: number,
  now: number,
): void {
  usage.book = nextBook(usage.book ?? openBook((usage.cpuMs ?? 0) / msPerTick), look.readings);
  const memory = group === null || !usage.groupTellsMemory ? null : memoryOf(group);
  // Asking for a file that is not there costs more than reading one: without the memory controller it is asked for once.
  usage.groupTellsMemory = memory !== null;
  const memoryBytes = memory?.now ?? look.memoryBytes;
  const before = usage.cpuMs ?? 0;
  const cpuMs = Math.round(Math.max(before, usage.book.total * msPerTick, groupMs(group)));
  const monotonic = performance.now();
  const tookMs = Math.max(1, monotonic - usage.takenAt);
  const cpuPercent = (100 * (cpuMs - before)) / tookMs;
  const last = lastPoint(usage.series);
  const point = { cpuMs, cpuPercent, memoryBytes, processes: look.processes };
  usage.stillLooks = last !== null && isStill(last, point) ? usage.stillLooks + 1 : 0;
  // A wall clock that was set back does not turn the series round: it goes on by the time that has passed.
  const at = last === null || now > last.at ? now : last.at + Math.round(tookMs);
  usage.cpuMs = cpuMs;
  usage.peakBytes = Math.max(usage.peakBytes ?? 0, memoryBytes, memory?.peak ?? 0);
  usage.highBytes = Math.max(usage.highBytes, memoryBytes);
  usage.takenAt = monotonic;
  const whole = !usage.fromBefore;
  usage.fromBefore = false;
  if (!whole) return;
  usage.saved = false;
  addPoint(usage.series, { at, ...point });
}

/** Of one core, since the last look. */
const STILL_PERCENT = 1;
/** Of its memory. */
const STILL_SHARE = 1 / 64;

/** Using next to nothing, and as much memory, in as many processes, as before. */
function isStill(before: UsagePoint, now: Omit<UsagePoint, "at">): boolean {
  return (
    now.cpuPercent < STILL_PERCENT &&
    now.processes === before.processes &&
    Math.abs(now.memoryBytes - before.memoryBytes) <= before.memoryBytes * STILL_SHARE
  );
}

/** Passes come this often. */
export const MEASURE_EVERY_MS = 5_000;
/** As often as a point is saved. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Whether a run is to be measured in this pass: with every one while it does something, and each time that it has another process, or has
 * given a sign of life, since; less and less often while it stands still. What it uses is counted by the kernel meanwhile.
 * @param pids of its processes as they are now
 * @param spokeAt monotonic time of its last sign of life
 * @param now monotonic time
 */
export function isToMeasure(
  { book, takenAt, stillLooks }: RunUsage,
  pids: readonly number[],
  spokeAt: number | null,
  now = performance.now(),
): boolean {
  const readings = book?.readings;
  if (readings?.size !== pids.length || !pids.every((pid) => readings.has(pid))) return true;
  if (spokeAt !== null && spokeAt > takenAt) return true;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, MEASURE_EVERY_MS * 2 ** Math.max(0, stillLooks - 1));
  // The nearest pass counts: they are never exactly as far apart as they should be.
  return now - takenAt >= pauseMs - MEASURE_EVERY_MS / 2;
}

/** Oldest first. Who asks for it looks at it: it is measured with every pass again, until it has been found standing still often enough. */
export function recentUsage(usage: RunUsage): UsagePoint[] {
  usage.stillLooks = 0;
  return pointsOf(usage.series);
}

/** The last word on a run of which nothing is left: what the kernel and the launcher have counted to the end. */
export function closeUsage(
  usage: RunUsage,
  group: GroupFolder | null,
  launcherTicks: number,
  msPerTick: number,
): void {
  const counted = Math.round(Math.max(usage.cpuMs ?? 0, groupMs(group), launcherTicks * msPerTick));
  const peak = Math.max(usage.peakBytes ?? 0, (group === null ? null : memoryOf(group)?.peak) ?? 0);
  // Nothing was counted and nothing seen: not known, which is not zero.
  if (counted > 0 || usage.cpuMs !== null) usage.cpuMs = counted;
  if (peak > 0) usage.peakBytes = peak;
}

/** What is to be saved of it now; null when there is nothing new. */
export function takeSample(runId: RunId, usage: RunUsage): UsageSample | null {
  const last = lastPoint(usage.series);
  if (usage.saved || last === null) return null;
  const { at, cpuMs, processes } = last;
  return { runId, at, cpuMs, memoryBytes: usage.highBytes, processes, peakBytes: usage.peakBytes ?? 0 };
}

export function wasSaved(usage: RunUsage): void {
  usage.saved = true;
  usage.highBytes = 0;
}

function groupMs(group: GroupFolder | null): number {
  return (group === null ? null : cpuMsOf(group)) ?? 0;
}
