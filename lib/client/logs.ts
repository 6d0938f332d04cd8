import { noteAnswer, noteSilence } from "./connection";
import { type ApiProblem, isApiProblem, toApiProblem, unreachable } from "./problem";
import { followRefusal } from "./refusal";

/** One read of a log. Expected refusals are values: a file that is gone or was cut short is normal life. */
export type LogRead =
  | {
      readonly outcome: "bytes";
      readonly at: number;
      readonly bytes: Uint8Array;
      readonly size: number;
      readonly dropped: number;
      /** What its job says it is written in. */
      readonly encoding?: string | undefined;
    }
  /** The file ends before the asked offset, or what was asked for was dropped from its beginning. */
  | { readonly outcome: "beyond"; readonly size: number; readonly dropped: number }
  | { readonly outcome: "missing" };

/** Where a log is read from; tests give their own. */
export interface LogSource {
  /** What follows `offset`, at most READ_BYTES of it; no bytes when there is nothing new. @throws ApiProblem */
  after(offset: number, signal: AbortSignal): Promise<LogRead>;
  /** Bytes `from` up to, not including, `to`. @throws ApiProblem */
  range(from: number, to: number, signal: AbortSignal): Promise<LogRead>;
}

/** The most the server sends in one answer. */
export const READ_BYTES = 1024 * 1024;

export function httpLogSource(runId: string): LogSource {
  return {
    after: (offset, signal) => read(`${logPath(runId)}?after=${offset}`, {}, signal),
    range: (from, to, signal) => read(logPath(runId), { range: `bytes=${from}-${to - 1}` }, signal),
  };
}

/** The whole file as an attachment. */
export function logDownloadUrl(runId: string): string {
  return `${logPath(runId)}?download=1`;
}

function logPath(runId: string): string {
  return `/api/v1/runs/${encodeURIComponent(runId)}/log`;
}

/** A server that went silent must not stop the log for ever; 1 MiB over a poor line still gets through. */
const ANSWER_WITHIN_MS = 30_000;

async function read(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<LogRead> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  try {
    const response = await fetch(path, { headers, cache: "no-store", signal: limit });
    noteAnswer();
    return await toRead(response, "range" in headers);
  } catch (error) {
    if (signal.aborted || isApiProblem(error)) throw error;
    noteSilence();
    throw unreachable(error);
  }
}

async function toRead(response: Response, ranged: boolean): Promise<LogRead> {
  if (response.status === 416) return beyond(response);
  if (!response.ok) return refused(response);
  // A whole file of 1 GB must not be taken for the megabyte that was asked for.
  if (ranged && response.status !== 206) {
    await response.body?.cancel();
    throw toApiProblem(response.status, null);
  }
  const range = contentRange(response);
  const at = range?.from ?? numberHeader(response, "x-log-offset");
  if (at === null) throw toApiProblem(response.status, null);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const size = numberHeader(response, "x-log-size") ?? range?.size ?? at + bytes.length;
  const encoding = /charset=([\w.:-]+)/.exec(response.headers.get("content-type") ?? "")?.[1]?.toLowerCase();
  return { outcome: "bytes", at, bytes, size, dropped: droppedOf(response), encoding };
}

async function beyond(response: Response): Promise<LogRead> {
  const size = numberHeader(response, "x-log-size") ?? contentRange(response)?.size ?? null;
  const dropped = droppedOf(response);
  if (size !== null) return { outcome: "beyond", size, dropped };
  const { details } = await problemOf(response);
  return { outcome: "beyond", size: typeof details.size === "number" ? details.size : 0, dropped };
}

async function refused(response: Response): Promise<LogRead> {
  const problem = await problemOf(response);
  if (problem.code === "LOG_NOT_FOUND") return { outcome: "missing" };
  followRefusal(problem);
  throw problem;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  return toApiProblem(response.status, body);
}

/** The log begins only here: its cap let go what came before. */
function droppedOf(response: Response): number {
  return numberHeader(response, "x-log-dropped") ?? 0;
}

function numberHeader(response: Response, name: string): number | null {
  const value = response.headers.get(name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/** `bytes 5-9/20`, or `bytes * /20` (without the blank) of a 416. */
function contentRange(response: Response): { from: number | null; size: number | null } | null {
  const match = /^bytes (?:(\d{1,15})-\d{1,15}|\*)\/(\d{1,15}|\*)$/.exec(
    response.headers.get("content-range") ?? "",
  );
  if (match === null) return null;
  const [, from, size] = match;
  return { from: from === undefined ? null : Number(from), size: size === "*" ? null : Number(size) };
}
