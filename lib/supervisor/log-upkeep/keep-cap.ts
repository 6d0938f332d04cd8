import { closeSync, fstatSync, type Stats } from "node:fs";
import { lifeOf } from "../life/life";
import { capOf, type LogCap } from "../log/cap-state";
import { firstKeptLine, lineStartBefore } from "../log/kept-start";
import { openLogForReading } from "../log/log-file";
import { BLOCK_BYTES, punch } from "../log/punch";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";
import { type OpenLog, openLog, whoWritesOver, writtenBy } from "./own-writers";

/** Dropped when it is over its cap by an eighth, down to the cap: so the newest `cap` bytes are always there. */
const OVER_BY = 1 / 8;
const TELL_EVERY_MS = 60_000;

/**
 * Looks at a run's log, drops its beginning when it is over its cap, and writes down what became of it.
 * @param last the run is over: what was not told yet is told now
 */
export function keepCap(ports: SupervisorPorts, watched: Watched, last = false): Promise<void> {
  const cap = capOf(watched);
  cap.look ??= look(ports, watched, last).finally(() => {
    cap.look = null;
  });
  return cap.look;
}

/** Whether there is something to do that the size alone does not show, or that it does. */
export function needsLook(watched: Watched): boolean {
  const cap = capOf(watched);
  const life = lifeOf(watched);
  if (
    cap.inode === null ||
    cap.rewrittenFrom !== null ||
    life.logBytes < cap.size ||
    cap.saved !== cap.dropped
  )
    return true;
  if (isToTell(cap)) return true;
  return isOver(life.logBytes - cap.dropped, watched.run.spec.logCapBytes) && !cap.unsupported;
}

export function isOver(keptBytes: number, capBytes: number): boolean {
  return keptBytes > capBytes * (1 + OVER_BY);
}

async function look(ports: SupervisorPorts, watched: Watched, last: boolean): Promise<void> {
  const file = opened(ports, watched);
  if (file !== null) {
    try {
      await lookAt(ports, watched, file);
    } finally {
      closeSync(file);
    }
  }
  await record(ports, watched, last);
}

/** No log yet, or one that is refused: nothing of it is touched. */
function opened(ports: SupervisorPorts, { run }: Watched): number | null {
  try {
    return openLogForReading(ports.logFile(run));
  } catch {
    return null;
  }
}

async function lookAt(ports: SupervisorPorts, watched: Watched, file: number): Promise<void> {
  const { run } = watched;
  const cap = capOf(watched);
  const stats = fstatSync(file);
  let { size } = stats;
  if (cap.inode === null) size = await firstSight(ports, watched, file, stats);
  else await noticeTampering(ports, watched, file, stats);
  cap.inode = stats.ino;
  cap.size = size;
  cap.sizeAt = performance.now();
  if (isOver(size - cap.dropped, run.spec.logCapBytes) && !cap.unsupported)
    await drop(ports, watched, file, size - run.spec.logCapBytes);
}

/**
 * What was emptied before anybody looked shows in the launcher's own descriptor: it has written further than the file is long,
 * until the program writes again.
 * @returns its size, in bytes
 */
async function firstSight(
  ports: SupervisorPorts,
  watched: Watched,
  file: number,
  stats: Stats,
): Promise<number> {
  await findStart(watched, file, stats);
  const log = openLog(file, stats.ino);
  const written = writtenBy(watched.tree.launcher, log);
  // Measured after the offset was read: what a program writes in between makes the file longer, and is not missing.
  const { size } = fstatSync(file);
  if (written !== null && written > size) await tellEmptied(ports, watched, written, size, log);
  return size;
}

/** First sight of it: an earlier dashboard may have dropped more than it could write down. */
async function findStart(watched: Watched, file: number, stats: Stats): Promise<void> {
  const cap = capOf(watched);
  cap.dropped = await firstKeptLine(file, Math.min(cap.dropped, stats.size), stats.size);
}

/**
 * The file was emptied, shortened or replaced while the run writes to it: reported, and read on from its
 * present content.
 */
async function noticeTampering(
  ports: SupervisorPorts,
  watched: Watched,
  file: number,
  stats: Stats,
): Promise<void> {
  const { run } = watched;
  const cap = capOf(watched);
  const replaced = stats.ino !== cap.inode;
  if (!replaced && stats.size >= cap.size && cap.rewrittenFrom === null) return;
  const fromBytes = Math.max(cap.size, cap.rewrittenFrom ?? 0);
  cap.rewrittenFrom = null;
  // What the cap has let go is a hole; one that was emptied has none, or another.
  cap.dropped = replaced ? 0 : await firstKeptLine(file, 0, stats.size);
  cap.told = Math.min(cap.told, cap.dropped);
  if (!replaced) return tellEmptied(ports, watched, fromBytes, stats.size, openLog(file, stats.ino));
  ports.log.warn({ runId: run.id, fromBytes, toBytes: stats.size }, "log.replaced");
  await ports.records.note(run.id, "log_replaced", { fromBytes, toBytes: stats.size });
}

async function tellEmptied(
  ports: SupervisorPorts,
  { run, tree }: Watched,
  fromBytes: number,
  toBytes: number,
  log: OpenLog,
): Promise<void> {
  const writer = await whoWritesOver(ports.processes, tree, log);
  ports.log.warn({ runId: run.id, fromBytes, toBytes, writer }, "log.truncated");
  await ports.records.note(run.id, "log_truncated", { fromBytes, toBytes, writer });
}

async function drop(ports: SupervisorPorts, watched: Watched, file: number, at: number): Promise<void> {
  const { run } = watched;
  const cap = capOf(watched);
  const before = cap.dropped;
  cap.dropped = await lineStartBefore(file, at, before);
  const end = Math.floor(cap.dropped / BLOCK_BYTES) * BLOCK_BYTES;
  const punched = end === 0 ? ({ ok: true } as const) : await punch(file, end);
  if (punched.ok) return;
  cap.dropped = before;
  cap.unsupported = true;
  const { reason } = punched;
  ports.log.warn({ runId: run.id, reason }, "log.cap_impossible");
  await ports.records.note(run.id, "log_cap_impossible", { reason, capBytes: run.spec.logCapBytes });
}

function isToTell({ dropped, told, toldAt }: LogCap): boolean {
  return dropped > told && performance.now() - toldAt >= TELL_EVERY_MS;
}

/** One event a minute at most: a fast writer drops something several times a second. */
async function record(ports: SupervisorPorts, watched: Watched, last: boolean): Promise<void> {
  const { run } = watched;
  const cap = capOf(watched);
  const { dropped } = cap;
  if (cap.saved !== dropped) {
    await ports.records.saveLogDropped(run.id, dropped);
    cap.saved = dropped;
  }
  if (dropped <= cap.told || !(last || isToTell(cap))) return;
  await ports.records.note(run.id, "log_dropped", { bytes: dropped - cap.told, upTo: dropped });
  cap.told = dropped;
  cap.toldAt = performance.now();
}
