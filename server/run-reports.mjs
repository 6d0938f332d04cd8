import { slot } from "../lib/slot.mjs";
import { problem } from "./refuse.mjs";

/**
 * Heartbeats and progress of runs, answered before Next: thousands of runs report every few seconds, and one request through
 * Next costs more than all that is to be done here.
 *
 * @typedef {{ run: string, kind: "heartbeat" | "progress" }} ReportAddress
 */

/** Far more than a report needs. */
const MAX_BODY_BYTES = 16 * 1024;
/** What is read and thrown away, so that a client that writes first and reads then gets its answer instead of a reset. */
const MAX_DISCARDED_BYTES = 1024 * 1024;
const WITHIN_MS = 30_000;
const ADDRESS = /^\/api\/v1\/runs\/([^/?]+)\/(heartbeat|progress)(?:\?.*)?$/;

/**
 * @param {string} url
 * @returns {ReportAddress | null} null: not an address of ours
 */
export function reportAt(url) {
  const [, run, kind] = ADDRESS.exec(url) ?? [];
  return run !== undefined && (kind === "heartbeat" || kind === "progress") ? { run, kind } : null;
}

/**
 * Answers once, whatever the client does: sends too much, too slowly, in pieces, or goes away.
 * @param {ReportAddress} address
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {{ withinMs?: number }} [options] how long the body may take
 */
export function answerReport(address, request, response, { withinMs = WITHIN_MS } = {}) {
  /** @type {Buffer[]} */
  const chunks = [];
  let size = 0;
  let answered = false;
  const tooSlow = setTimeout(() => once(() => respond(request, response, reportTooSlow())), withinMs);
  /** @param {() => unknown} act */
  const once = (act) => {
    if (answered) return;
    answered = true;
    clearTimeout(tooSlow);
    act();
  };
  /** @param {string | null} body */
  const finish = (body) => once(() => void decide(address, request, response, body));
  request.on("data", (/** @type {Buffer} */ chunk) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
    if (size > MAX_DISCARDED_BYTES) finish(null);
  });
  request.once("end", () => finish(size <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString("utf8") : null));
  // Its sender is gone, perhaps in the middle of its report. There is no one left to answer.
  request.on("error", () => once(() => response.destroy()));
  request.once("close", () => once(() => response.destroy()));
}

/**
 * @typedef {{ status: number, headers: Record<string, string>, body: string }} Told
 *
 * @param {ReportAddress} address
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {string | null} body
 */
async function decide({ run, kind }, request, response, body) {
  const { authorization } = request.headers;
  const answer = slot().answerReport;
  try {
    if (answer === null) return respond(request, response, notUp());
    const refusal = answer({ run, kind, method: request.method ?? "GET", authorization, body });
    respond(request, response, refusal === null ? TAKEN : await read(refusal));
  } catch (error) {
    slot().log?.error({ err: error, run }, "report.failed");
    respond(request, response, failed());
  }
}

/** @type {Told} */
const TAKEN = { status: 204, headers: { "cache-control": "no-store" }, body: "" };

/**
 * A body that is still on its way is not read any further: the connection ends with the answer.
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {Told} told
 */
function respond(request, response, { status, headers, body }) {
  if (response.destroyed || response.headersSent) return;
  if (!request.complete) {
    request.pause();
    response.setHeader("connection", "close");
  }
  response.writeHead(status, headers);
  response.end(body);
}

/** @param {Response | Promise<Response>} refusal */
async function read(refusal) {
  const answer = await refusal;
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

/** The dashboard is starting, failed to, or is going down: the run can simply go on and report again. */
function notUp() {
  const told = problem({
    code: "SUPERVISOR_UNAVAILABLE",
    detail:
      "Unstuck is starting or shutting down and takes no reports now. The run is not affected; report again later.",
  });
  return { ...told, headers: { ...told.headers, "retry-after": "2" } };
}

function failed() {
  return problem({
    code: "INTERNAL",
    detail: "Something went wrong inside Unstuck while it took this report. Its log has more.",
  });
}

function reportTooSlow() {
  return problem({
    code: "REQUEST_TOO_SLOW",
    detail: "The body of the report did not arrive within 30 s. Send the report again.",
  });
}
