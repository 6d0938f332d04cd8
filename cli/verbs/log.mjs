import { once } from "node:events";
import { Refused } from "../api.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { runPath, withQuery } from "../paths.mjs";
import { endText, isOver } from "../show/runs.mjs";
import { untilThere } from "../until.mjs";

/**
 * @typedef {import("../../lib/contracts/run").RunView} RunView
 * @typedef {import("../program.mjs").Context} Context
 * @typedef {{ bytes: Buffer, offset: number, dropped: number, cut?: boolean, encoding?: string }} Part `cut`: it begins within a line too long for a tail
 * @typedef {{ at: number, newest: Buffer }} Place up to where it was read, and the newest bytes before that
 */

const RUN_ID = /^run_[0-9a-z]{20}$/;
const LOOK_EVERY_MS = 500;
/** So many bytes are read again at each look: a file that holds others there by now was emptied, replaced or written over. */
const NEWEST_BYTES = 256;

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [asked = ""], options: { follow, lines, raw } }) {
  const id = RUN_ID.test(asked) ? asked : await newestRunOf(context, asked);
  const first = await read(context, id, firstQuery(lines));
  if (first.cut) context.screen.note("… these lines are long: only the end of the first is shown …");
  const write = writer(context, id, raw === true);
  await write(first);
  if (follow)
    await followFrom(context, id, write, placeAfter({ at: first.offset, newest: Buffer.alloc(0) }, first));
  return 0;
}

/** `tail=0` is not a question the API takes. @param {number} lines */
function firstQuery(lines) {
  if (lines === Number.POSITIVE_INFINITY) return {};
  return { tail: Math.max(1, lines), nothing: lines === 0 };
}

/**
 * @param {Context} context
 * @param {string} job
 */
async function newestRunOf({ dashboard }, job) {
  /** @type {{ run: RunView | null }} */
  const { run: newest } = await dashboard.call("GET", `/api/v1/jobs/${encodeURIComponent(job)}/status`);
  if (newest !== null) return newest.id;
  throw new Refusal(EXIT.noJob, `Job "${job}" has no run yet.`);
}

/**
 * @param {Context} context
 * @param {string} id
 * @param {{ tail?: number, after?: number, nothing?: boolean }} query
 * @returns {Promise<Part>}
 */
async function read({ dashboard }, id, { nothing, ...query }) {
  const { bytes, headers } = await dashboard.ask("GET", withQuery(runPath(id, "/log"), query), {
    withinMs: 120_000,
  });
  const offset = Number(headers["x-log-offset"] ?? 0);
  const dropped = Number(headers["x-log-dropped"] ?? 0);
  return nothing
    ? { bytes: Buffer.alloc(0), offset: offset + bytes.length, dropped }
    : {
        bytes,
        offset,
        dropped,
        cut: headers["x-log-cut"] !== undefined,
        encoding: charsetOf(headers["content-type"]),
      };
}

/**
 * Until the run is over and all it wrote is read.
 * @param {Context} context
 * @param {string} id
 * @param {(part: Part) => Promise<void>} write
 * @param {Place} from
 */
async function followFrom(context, id, write, from) {
  let place = from;
  /** @type {RunView | null} */
  let last = null;
  const { screen, dashboard } = context;
  const ended = await untilThere(
    async () => {
      const part = await following(context, id, place);
      if (part !== null && part.offset < place.at) screen.note(ANEW);
      if (part !== null && part.offset > place.at)
        screen.note(`… ${part.offset - place.at} bytes were dropped before they could be read …`);
      if (part !== null) {
        await write(part);
        place = placeAfter(place, part);
        if (part.bytes.length > 0) return null;
      }
      if (last !== null) return last;
      /** @type {RunView} */
      const seen = await dashboard.call("GET", runPath(id));
      // What it wrote between the two looks is read before we go.
      if (isOver(seen)) last = seen;
      return null;
    },
    { everyMs: LOOK_EVERY_MS, away: () => screen.note("… the dashboard is away; the run is not affected …") },
  );
  screen.note(endText(ended));
}

const ANEW = "… the log was emptied, replaced or overwritten; what it holds now follows …";

/**
 * What comes after `place`, or the log from its beginning when it is another one by now.
 * @param {Context} context
 * @param {string} id
 * @param {Place} place
 * @returns {Promise<Part | null>} null: the file is not there at the moment
 */
async function following(context, id, { at, newest }) {
  try {
    const part = await read(context, id, { after: at - newest.length });
    if (part.offset >= at) return part;
    const known = newest.subarray(newest.length - (at - part.offset));
    if (!known.equals(part.bytes.subarray(0, known.length))) return await read(context, id, { after: 0 });
    return { ...part, offset: at, bytes: part.bytes.subarray(known.length) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code === "RANGE_NOT_SATISFIABLE") return read(context, id, { after: 0 });
    if (error.code === "LOG_NOT_FOUND") return null;
    throw error;
  }
}

/**
 * @param {Place} before
 * @param {Part} part
 * @returns {Place}
 */
function placeAfter(before, { offset, bytes }) {
  const known = offset === before.at ? Buffer.concat([before.newest, bytes]) : bytes;
  return { at: offset + bytes.length, newest: Buffer.from(known.subarray(-NEWEST_BYTES)) };
}

/** @param {string | undefined} type as HTTP names it */
function charsetOf(type) {
  return /charset=([\w.:-]+)/.exec(type ?? "")?.[1]?.toLowerCase() ?? "utf-8";
}

/**
 * Writes parts one after the other: as UTF-8, whatever the job's log is written in, so that a character may be cut by two reads.
 * @param {Context} context
 * @param {string} run
 * @param {boolean} raw the bytes as they are in the file
 * @returns {(part: Part) => Promise<void>}
 */
function writer({ screen }, run, raw) {
  /** @type {TextDecoder | null} */
  let decoder = null;
  return async ({ bytes, offset, dropped, encoding = "utf-8" }) => {
    if (bytes.length === 0) return;
    decoder ??= decoderOf(encoding);
    const text =
      raw || (encoding === "utf-8" && !screen.isJson) ? bytes : decoder.decode(bytes, { stream: true });
    const out = screen.isJson ? `${JSON.stringify({ run, offset, dropped, text: String(text) })}\n` : text;
    if (!screen.out.write(out)) await once(screen.out, "drain");
  };
}

/** @param {string} encoding */
function decoderOf(encoding) {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true });
  } catch {
    return new TextDecoder("utf-8", { ignoreBOM: true });
  }
}
