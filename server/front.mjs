import { setTimeout as wait } from "node:timers/promises";
import { slot } from "../lib/slot.mjs";
import { answerApi, isForApi } from "./api.mjs";
import { protect } from "./headers.mjs";
import { guardRequest } from "./host-guard.mjs";
import { BROKEN, refuse } from "./refuse.mjs";
import { answerReport, reportAt } from "./run-reports.mjs";

/**
 * @typedef {import("node:http").IncomingMessage} Asked
 * @typedef {import("node:http").ServerResponse} Response
 * @typedef {(request: Asked, response: Response) => void | Promise<void>} Handler
 */

const LOOK_EVERY_MS = 5;

/**
 * What happens to a request before Next sees it: headers, guard, reports of runs, who asks, the API. Whatever fails, here or in Next, ends this one answer
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
   * @param {{ refusal: import("./refuse.mjs").Refusal | null, byOwner: boolean }} door
   */
  async function respond(request, response, { refusal, byOwner }) {
    const { method = "GET", url = "/", headers } = request;
    try {
      if (refusal !== null) return refuse(response, refusal);
      const report = reportAt(url);
      if (report !== null) return answerReport(report, request, response);
      if (!isReadable(url)) return refuse(response, UNREADABLE_PATH);
      if (!isPlain(url)) return refuse(response, ODD_PATH);
      const peer = request.socket.remoteAddress;
      const admission = await slot().admit?.({ method, url, headers, peer, byOwner });
      // Nothing is up: whatever answers says that, and nothing else.
      if (admission === undefined) return await answer(request, response);
      // A year: a browser that was here by TLS never comes by plain HTTP again.
      if (admission.secure) response.setHeader("strict-transport-security", "max-age=31536000");
      if ("goTo" in admission) return goTo(response, admission.goTo);
      if ("refusal" in admission) return await send(response, admission.refusal);
      await slot().asking.run(admission.as, () => answer(request, response));
    } catch (error) {
      log.error({ err: error, method: request.method, url: request.url }, "request.failed");
      if (response.headersSent) response.destroy();
      else refuse(response, BROKEN);
    }
  }
  /**
   * @param {Asked} request
   * @param {Response} response
   */
  async function answer(request, response) {
    if (isForApi(request.url ?? "/", { dev })) return api(request, response);
    request.url = withoutInnerPage(request.url ?? "/");
    await next(request, response);
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
      protect(request, response, { dev });
      void respond(request, response, { refusal: guardRequest(asked(request), config), byOwner: false });
    },
    /** No browser reaches it, so there is no guard. @type {import("node:http").RequestListener} */
    onOwnerSocket: (request, response) => {
      remember(response);
      protect(request, response, { dev });
      void respond(request, response, { refusal: null, byOwner: true });
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

/**
 * Next makes a page for its own failures at build time, and answers with it, as a 500, at a path of its own too. To who asks for that path it is
 * a page that there is not.
 * @param {string} url
 */
function withoutInnerPage(url) {
  return url.replace(/^\/_global-error(?=\?|$)/, "/_global-error/none");
}

/** @type {import("./refuse.mjs").Refusal} */
const ODD_PATH = {
  code: "INVALID_INPUT",
  detail:
    "Expected a path as it is: from its first /, without //, \\, . and .. segments, and with letters, digits and - . _ ~ written plainly.",
};
/** Letters, digits and - . _ ~, which no client needs to encode (RFC 3986, 2.3). */
const ENCODED_PLAIN = /%(?:2[de]|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\dae])/i;
/** What a path may have as it is (RFC 3986, 3.3), in segments that are not empty, `.` or `..`; the last one may be empty. */
const PLAIN = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~!$&'()*+,;=:@%-]+)*\/?$/;
/**
 * A path that can be read in two ways could be let in as one thing and answered as another: by our router, by the URL of a Request and by Next,
 * each of which has its own idea of such paths.
 * @param {string} url
 */
function isPlain(url) {
  const path = url.split("?", 1)[0] ?? "";
  return path.startsWith("/") && PLAIN.test(path) && !(path.includes("%") && ENCODED_PLAIN.test(path));
}

/**
 * A page that says why the one that was asked for is not shown.
 * @param {Response} response
 * @param {string} path
 */
function goTo(response, path) {
  response.writeHead(303, { location: path, "cache-control": "no-store" });
  response.end();
}

/**
 * @param {Response} response
 * @param {globalThis.Response} refusal
 */
async function send(response, refusal) {
  response.writeHead(refusal.status, Object.fromEntries(refusal.headers));
  response.end(await refusal.text());
}

/** @param {string | string[] | undefined} header */
function one(header) {
  return Array.isArray(header) ? header[0] : header;
}
