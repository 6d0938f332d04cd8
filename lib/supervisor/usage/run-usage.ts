import type { RunId } from "@/lib/domain/ids";
import type { UsageSample } from "@/lib/domain/ports/records";
import type { Run } from "@/lib/domain/run";
import { perRun } from "../files/per-run";
import { cpuMsOf, type GroupFolder, memoryOf } from "../host/group";
import { type Book, nextBook, openBook, type Reading } from "./book";
import { addPoint, emptySeries, lastPoint, type Series } from "./series";

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
};

type Used = {
  readonly run: Pick<Run, "cpuMs" | "peakMemoryBytes">;
  readonly adopted: boolean;
  readonly startedAt: number;
};

export const usageOf = perRun(({ run, adopted, startedAt }: Used): RunUsage => {
  const { cpuMs, peakMemoryBytes: peakBytes } = run;
  const fresh = { book: null, series: emptySeries(), highBytes: 0, saved: true, groupTellsMemory: true };
  return { ...fresh, cpuMs, peakBytes, takenAt: startedAt, fromBefore: adopted };
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
  addPoint(usage.series, { at, cpuMs, cpuPercent, memoryBytes, processes: look.processes });
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
