import { STATUS_CODES } from "node:http";
import { constants } from "node:zlib";
import { createRequestListener } from "@remix-run/node-fetch-server";
import compression from "compression";
import { slot } from "../lib/slot.mjs";
import { answerStatus, isForStatus } from "./kept-status.mjs";
import { BROKEN, problem, refuse } from "./refuse.mjs";

/** What our own server answers, in front of Next; with hot reloading Next has the API, so that changes are there at once. */
const OURS = /^\/(?:api|health|demo)(?:\/|\?|$)/;
const OURS_IN_DEV = /^\/(?:health|demo)(?:\/|\?|$)/;
/** Of those that reach us, the ones a Request cannot have. */
const NO_REQUESTS = ["CONNECT", "TRACE", "TRACK"];

/**
 * @param {string} url of a request, from its first /
 * @param {{ dev: boolean }} options
 */
export function isForApi(url, { dev }) {
  return (dev ? OURS_IN_DEV : OURS).test(url);
}

/**
 * @param {{ log: import("pino").Logger }} options
 * @returns {import("node:http").RequestListener}
 */
export function answerApi({ log }) {
  const listener = createRequestListener((request) => slot().answerApi?.(request) ?? starting(), {
    onError: (error) => {
      log.error({ err: error }, "request.failed");
      return answerOf(BROKEN);
    },
  });
  // The fastest level: an answer is read once, mostly on the same machine.
  const compressed = compression({ level: constants.Z_BEST_SPEED });
  return (request, response) => {
    if (NO_REQUESTS.includes(request.method ?? "")) return refuse(response, NOT_A_REQUEST);
    const answer = () =>
      // Both are made for Node's own types; Express' request is a subtype the middleware never looks into.
      compressed(/** @type {any} */ (request), /** @type {any} */ (response), () => {
        addHeaders(response);
        listener(request, response);
      });
    if (isForStatus(request)) void answerStatus(request, response, answer);
    else answer();
  };
}

/**
 * A route's headers are added to those of server/headers.mjs: the listener would put them in their place. And HTTP's own words go with
 * the status, which a Response has not.
 * @param {import("node:http").ServerResponse} response
 */
function addHeaders(response) {
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (
    /** @type {number} */ status,
    /** @type {unknown} */ reason,
    /** @type {Record<string, string | string[]>} */ headers = {},
  ) => {
    for (const [name, value] of Object.entries(headers)) response.appendHeader(name, value);
    return writeHead(status, (typeof reason === "string" && reason) || STATUS_CODES[status]);
  };
}

/** @type {import("./refuse.mjs").Refusal} */
const NOT_A_REQUEST = { code: "METHOD_NOT_ALLOWED", detail: "This method is not possible anywhere here." };

/** What is built is being loaded. */
function starting() {
  const detail = "Unstuck is starting. Runs are not affected. Try again in a moment.";
  return answerOf({ code: "SUPERVISOR_UNAVAILABLE", detail }, { "retry-after": "1" });
}

/**
 * @param {import("./refuse.mjs").Refusal} refusal
 * @param {Record<string, string>} [more] headers
 */
function answerOf(refusal, more) {
  const { status, headers, body } = problem(refusal);
  return new Response(body, { status, headers: { ...headers, ...more } });
}
