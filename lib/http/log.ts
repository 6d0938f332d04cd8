import type { LogBytes, LogPart } from "@/lib/services/runs/read-log";

type Query = { tail?: number | undefined; after?: number | undefined };

/** `Range: bytes=a-b`, `a-` or `-n`; several ranges and other units are ignored, as RFC 9110 allows. */
const RANGE = /^bytes=(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))$/;

export function wantedPart(query: Query, rangeHeader: string | null): LogPart {
  if (query.tail !== undefined) return { part: "tail", lines: query.tail };
  if (query.after !== undefined) return { part: "after", offset: query.after };
  const match = RANGE.exec(rangeHeader ?? "");
  if (match === null) return { part: "all" };
  const [, start, end, suffix] = match;
  if (suffix !== undefined) return { part: "range", start: null, end: Number(suffix) };
  const range = { part: "range", start: Number(start), end: end === undefined ? null : Number(end) } as const;
  return range.end !== null && range.end < range.start ? { part: "all" } : range;
}

export function logResponse(runId: string, wanted: LogPart, log: LogBytes, download: boolean): Response {
  const { size, dropped, from, to, body, cut, encoding = "utf-8" } = log;
  const headers: Record<string, string> = {
    "content-type": `text/plain; charset=${encoding}`,
    "content-length": String(to - from),
    "accept-ranges": "bytes",
    // Not compressed on the way: offsets and lengths are of the bytes as they are in the file.
    "cache-control": "no-store, no-transform",
    // A log is whatever a program wrote. That a browser never takes it for a page is seen to in server/headers.mjs, as for all data.
    "x-log-size": String(size),
    "x-log-offset": String(from),
    "x-log-dropped": String(dropped),
  };
  if (cut === true) headers["x-log-cut"] = "1";
  if (download) headers["content-disposition"] = `attachment; filename="${runId}.log"`;
  const partial = wanted.part === "range" && to > from;
  if (partial) headers["content-range"] = `bytes ${from}-${to - 1}/${size}`;
  return new Response(body, { status: partial ? 206 : 200, headers });
}
