import { slot } from "../lib/slot.mjs";

/**
 * Heartbeats and progress of runs, answered before Next: thousands of runs report every few seconds, and one request through
 * Next costs more than all that is to be done here.
 *
 * @typedef {{ run: string, kind: "heartbeat" | "progress" }} ReportAddress
 */

/** Far more than a report needs. */
const MAX_BODY_BYTES = 16 * 1024;
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
 * @param {ReportAddress} address
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
export function answerReport(address, request, response) {
  /** @type {Buffer[]} */
  const chunks = [];
  let size = 0;
  request.on("data", (/** @type {Buffer} */ chunk) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    // What else comes is not waited for.
    else if (!response.headersSent) void finish(address, request, response, null);
  });
  request.once("end", () => {
    if (size <= MAX_BODY_BYTES)
      void finish(address, request, response, Buffer.concat(chunks).toString("utf8"));
  });
  // The run was ended in the middle of its report.
  request.once("error", () => response.destroy());
}

/**
 * @param {ReportAddress} address
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {string | null} body
 */
async function finish({ run, kind }, request, response, body) {
  if (body === null) response.setHeader("connection", "close");
  const { authorization } = request.headers;
  const answer = slot().answerReport;
  const refusal =
    answer === null ? notUp() : answer({ run, kind, method: request.method ?? "GET", authorization, body });
  if (refusal === null) {
    response.writeHead(204, { "cache-control": "no-store" });
    response.end();
    return;
  }
  const { status, headers, text } = await read(refusal);
  response.writeHead(status, headers);
  response.end(text);
}

/** @param {Response | Promise<Response>} refusal */
async function read(refusal) {
  const problem = await refusal;
  return { status: problem.status, headers: Object.fromEntries(problem.headers), text: await problem.text() };
}

/** The dashboard is starting, failed to, or is going down: the run shall simply go on and report again. */
function notUp() {
  const status = 503;
  const problem = {
    type: "about:blank",
    title: "Supervisor unavailable",
    status,
    code: "SUPERVISOR_UNAVAILABLE",
    detail:
      "Unstuck is starting or going down and takes no reports now. The run is not affected; report again later.",
    details: {},
    requestId: null,
  };
  const headers = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "retry-after": "2",
  };
  return new Response(JSON.stringify(problem), { status, headers });
}
