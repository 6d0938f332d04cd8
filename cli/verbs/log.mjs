import { once } from "node:events";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { runPath, withQuery } from "../paths.mjs";
import { endText, isOver } from "../show/runs.mjs";
import { untilThere } from "../until.mjs";

/**
 * @typedef {import("../../lib/contracts/run").RunView} RunView
 * @typedef {import("../program.mjs").Context} Context
 * @typedef {{ bytes: Buffer, offset: number, dropped: number }} Part
 */

const RUN_ID = /^run_[0-9a-z]{20}$/;
const LOOK_EVERY_MS = 500;

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [asked = ""], options: { follow, lines } }) {
  const id = RUN_ID.test(asked) ? asked : await newestRunOf(context, asked);
  const first = await read(context, id, firstQuery(lines));
  await write(context, id, first);
  if (follow) await followFrom(context, id, first.offset + first.bytes.length);
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
    : { bytes, offset, dropped };
}

/**
 * Until the run is over and all it wrote is read.
 * @param {Context} context
 * @param {string} id
 * @param {number} from
 */
async function followFrom(context, id, from) {
  let at = from;
  /** @type {RunView | null} */
  let last = null;
  const { screen, dashboard } = context;
  const ended = await untilThere(
    async () => {
      const part = await read(context, id, { after: at });
      if (part.offset > at)
        screen.note(`… ${part.offset - at} bytes were dropped before they could be read …`);
      await write(context, id, part);
      at = part.offset + part.bytes.length;
      if (part.bytes.length > 0) return null;
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

/**
 * @param {Context} context
 * @param {string} run
 * @param {Part} part
 */
async function write({ screen }, run, { bytes, offset, dropped }) {
  if (bytes.length === 0) return;
  const text = screen.isJson
    ? `${JSON.stringify({ run, offset, dropped, text: bytes.toString("utf8") })}\n`
    : bytes;
  if (!screen.out.write(text)) await once(screen.out, "drain");
}
