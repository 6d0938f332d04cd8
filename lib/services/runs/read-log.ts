import { AppError, isAppError } from "@/lib/domain/errors";
import type { RunId } from "@/lib/domain/ids";
import type { Logs, OpenedLog } from "@/lib/domain/ports/host";
import type { Runs } from "@/lib/domain/ports/runs";
import { isActive, type Run } from "@/lib/domain/run";
import { runNotFound } from "./get-run";

type Needs = Pick<Runs, "findRun"> & Logs;

/** Which part of the log: the last lines, what came after an offset, or a byte range as HTTP means it (`end` inclusive). */
export type LogPart =
  | { readonly part: "all" }
  | { readonly part: "tail"; readonly lines: number }
  | { readonly part: "after"; readonly offset: number }
  | { readonly part: "range"; readonly start: number | null; readonly end: number | null };

export type LogBytes = {
  readonly size: number;
  /** Bytes that were dropped from the beginning because of the log's cap. */
  readonly dropped: number;
  readonly from: number;
  readonly to: number;
  /** It is a tail that begins within a line: the lines asked for are longer than a tail may be. */
  readonly cut?: boolean;
  readonly body: ReadableStream<Uint8Array> | null;
  /** What its job says it is written in; the bytes are as they are in the file. */
  readonly encoding?: string;
};

/** A reader that follows gets at most this much at once, so that one answer never holds a whole log. */
export const AFTER_LIMIT_BYTES = 1024 * 1024;

/** A progress bar never ends a line, so the last lines may be the whole log: what they may have in bytes, at least and at most. */
const TAIL_LEAST_BYTES = 1024 * 1024;
const TAIL_MOST_BYTES = 64 * 1024 * 1024;
const TAIL_LINE_BYTES = 4096;

/** How many bytes the last `lines` lines may have; of longer ones the end is answered. */
export function tailLimit(lines: number): number {
  return Math.min(TAIL_MOST_BYTES, Math.max(TAIL_LEAST_BYTES, lines * TAIL_LINE_BYTES));
}

/** A log is cut back every few seconds at most, so the second look finds what it says. */
const LOOKS = 5;

/** @throws AppError RUN_NOT_FOUND, LOG_NOT_FOUND, LOG_REFUSED, RANGE_NOT_SATISFIABLE */
export async function readLog(ctx: Needs, id: RunId, wanted: LogPart): Promise<LogBytes> {
  const run = await ctx.findRun(id);
  if (run === null) throw runNotFound(id);
  if (run.imported !== null) throw logElsewhere(id, run.imported.source);
  for (let look = 1; look <= LOOKS; look += 1) {
    const bytes = await bytesOf(ctx, run, wanted);
    if (bytes !== null) return bytes;
  }
  const message = `The beginning of the log of ${id} was dropped ${LOOKS} times while it was looked at. Ask again.`;
  throw new AppError("LOG_REFUSED", message, { runId: id });
}

/** @returns null where what it was about to answer has been dropped meanwhile */
async function bytesOf(ctx: Needs, run: Run, wanted: LogPart): Promise<LogBytes | null> {
  const { id } = run;
  const log = openOrNull(ctx, run, await keptFrom(ctx, run));
  const size = log?.size ?? 0;
  const dropped = log?.start ?? 0;
  try {
    const encoding = run.spec.logEncoding;
    const part = { size, dropped, encoding, ...(await bounds(wanted, log, { id, size, dropped })) };
    if (log === null || part.from === part.to) {
      log?.close();
      return { ...part, body: null };
    }
    const body = await log.stream(part.from, part.to);
    return body === null ? null : { ...part, body };
  } catch (error) {
    log?.close();
    throw error;
  }
}

/**
 * If the run is not watched, only its row knows how much was dropped. One that was read while the run was
 * active may be older than its end, and what it says may lie in the hole by now.
 */
async function keptFrom(ctx: Needs, run: Run): Promise<() => number> {
  const watched = ctx.logKeptFrom(run.id);
  if (watched !== null) return watched;
  const { logDroppedBytes } = isActive(run.state) ? ((await ctx.findRun(run.id)) ?? run) : run;
  return () => logDroppedBytes;
}

/** A run that has written nothing yet has an empty log; one whose bytes are gone has none, and that must be said. */
function openOrNull(ctx: Needs, run: Run, from: () => number): OpenedLog | null {
  try {
    return ctx.openLog(run, from);
  } catch (error) {
    if (isAppError(error) && error.code === "LOG_NOT_FOUND" && run.logBytes === 0) return null;
    throw error;
  }
}

type Extent = { readonly id: RunId; readonly size: number; readonly dropped: number };

/** What was dropped is not there to be asked for: an answer begins at the first line that is kept, and says so. */
async function bounds(
  wanted: LogPart,
  log: OpenedLog | null,
  extent: Extent,
): Promise<{ from: number; to: number; cut?: boolean }> {
  const { size, dropped } = extent;
  switch (wanted.part) {
    case "all":
      return { from: dropped, to: size };
    case "tail":
      if (log === null) return { from: 0, to: size };
      return { ...(await log.tail(wanted.lines, tailLimit(wanted.lines))), to: size };
    case "after": {
      if (wanted.offset > size) throw pastTheEnd(extent, wanted.offset);
      const from = Math.max(dropped, wanted.offset);
      return { from, to: Math.min(size, from + AFTER_LIMIT_BYTES) };
    }
    case "range":
      return rangeBounds(wanted, extent);
  }
}

function rangeBounds(
  { start, end }: LogPart & { part: "range" },
  extent: Extent,
): { from: number; to: number } {
  const { size, dropped } = extent;
  // The last nothing of a file is no range (RFC 9110, 14.1.2).
  if (start === null && end === 0) throw pastTheEnd(extent, size);
  if (start === null) return { from: Math.max(dropped, size - (end ?? 0)), to: size };
  if (start >= size) throw pastTheEnd(extent, start);
  if (end !== null && end < dropped) throw droppedPart(extent, start);
  return { from: Math.max(dropped, start), to: Math.min(size, (end ?? size) + 1) };
}

function pastTheEnd({ id, size, dropped }: Extent, offset: number): AppError {
  const message = `The log of ${id} has ${size} bytes, and byte ${offset} was requested. Request at most ${size}.`;
  return new AppError("RANGE_NOT_SATISFIABLE", message, { runId: id, size, offset, dropped });
}

function droppedPart({ id, size, dropped }: Extent, offset: number): AppError {
  const message = `The first ${dropped} bytes of the log of ${id} were dropped because of its cap, and byte ${offset} was requested. Request ${dropped} or later.`;
  return new AppError("RANGE_NOT_SATISFIABLE", message, { runId: id, size, offset, dropped });
}

function logElsewhere(id: RunId, source: string): AppError {
  const message = `${id} was imported from ${source}, and logs are not imported. If there is one, it is where ${source} keeps it.`;
  return new AppError("LOG_NOT_FOUND", message, { runId: id, source });
}
