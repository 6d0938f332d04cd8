import { setTimeout as wait } from "node:timers/promises";
import { answerApi, isForApi } from "./api.mjs";
import { protect } from "./headers.mjs";
import { guardRequest } from "./host-guard.mjs";
import { DOOR_HEADER } from "./owner-socket.mjs";
import { BROKEN, refuse } from "./refuse.mjs";
import { answerReport, reportAt } from "./run-reports.mjs";

/**
 * @typedef {import("node:http").IncomingMessage} Asked
 * @typedef {import("node:http").ServerResponse} Response
 * @typedef {(request: Asked, response: Response) => void | Promise<void>} Handler
 */

const LOOK_EVERY_MS = 5;

/**
 * What happens to a request before Next sees it: headers, guard, reports of runs, the API. Whatever fails, here or in Next, ends this one answer
 * and never the process.
 * @param {import("./listen-config.mjs").ListenConfig} config
 * @param {{ dev: boolean, log: import("pino").Logger }} options
 */
export function answerInFront(config, { dev, log }) {
  const api = answerApi({ log });
  /** @type {Handler} */
  let next = (_request, response) => {
    response.writeHead(503, { "retry-after": "1", "content-type": "text/plain; charset=utf-8" });
    response.end("Unstuck is starting.\n");
  };
  /**
   * @param {Asked} request
   * @param {Response} response
   * @param {import("./refuse.mjs").Refusal | null} refusal
   */
  async function respond(request, response, refusal) {
    try {
      if (refusal !== null) return refuse(response, refusal);
      const report = reportAt(request.url ?? "/");
      if (report !== null) answerReport(report, request, response);
      else if (!isReadable(request.url ?? "/")) refuse(response, UNREADABLE_PATH);
      else if (isForApi(request.url ?? "/", { dev })) api(request, response);
      else await next(request, response);
    } catch (error) {
      log.error({ err: error, method: request.method, url: request.url }, "request.failed");
      if (response.headersSent) response.destroy();
      else refuse(response, BROKEN);
    }
  }
  /** Whose answer has not begun. @type {Set<Response>} */
  const unanswered = new Set();
  /** @param {Response} response */
  const remember = (response) => {
    unanswered.add(response);
    response.once("close", () => unanswered.delete(response));
  };
  return {
    /**
     * Comes back when every answer has begun, or when that takes too long. A download or a log that is followed has begun.
     * @param {number} withinMs
     */
    answered: async (withinMs) => {
      const deadline = performance.now() + withinMs;
      while ([...unanswered].some(({ headersSent }) => !headersSent) && performance.now() < deadline)
        await wait(LOOK_EVERY_MS);
    },
    /** @type {(handler: Handler) => void} */
    handOverTo: (handler) => {
      next = handler;
    },
    /** @type {import("node:http").RequestListener} */
    onTcp: (request, response) => {
      remember(response);
      delete request.headers[DOOR_HEADER];
      protect(request, response, { dev });
      void respond(request, response, guardRequest(asked(request), config));
    },
    /** No browser reaches it, so there is no guard. @type {import("node:http").RequestListener} */
    onOwnerSocket: (request, response) => {
      remember(response);
      protect(request, response, { dev });
      void respond(request, response, null);
    },
  };
}

/** @param {Asked} request */
function asked({ method = "GET", headers }) {
  return {
    method,
    host: headers.host,
    origin: one(headers.origin),
    fetchSite: one(headers["sec-fetch-site"]),
    fetchDest: one(headers["sec-fetch-dest"]),
  };
}

/** @type {import("./refuse.mjs").Refusal} */
const UNREADABLE_PATH = {
  code: "INVALID_INPUT",
  detail:
    "The path has a % that is not followed by two hexadecimal digits of UTF-8 text. Write a plain % as %25.",
};
/**
 * Next answers a path it cannot decode with a bare 500.
 * @param {string} url
 */
function isReadable(url) {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

/** @param {string | string[] | undefined} header */
function one(header) {
  return Array.isArray(header) ? header[0] : header;
}
