import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { slot } from "../lib/slot.mjs";

const PATH = /^\/api\/v1\/status(?=\?|$)/;

/** @param {import("node:http").IncomingMessage} request */
export function isForStatus({ method, url = "" }) {
  return (method === "GET" || method === "HEAD") && slot().answerStatus !== null && PATH.test(url);
}

/**
 * Answers with bytes that are kept, by the same function as the route: nothing is made, converted or compressed for one call.
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {() => void} otherwise whatever is wrong is told by the API
 */
export async function answerStatus(request, response, otherwise) {
  const { method, url = "", headers } = request;
  const kept = await answered(url.replace(PATH, ""), headers["if-none-match"] ?? null);
  if (kept === null) return otherwise();
  response.setHeader("etag", kept.etag);
  response.setHeader("cache-control", "private, no-cache");
  response.setHeader("vary", "accept-encoding, authorization, cookie");
  if (kept.body === null) {
    response.statusCode = 304;
    return response.end();
  }
  const zipped = takesGzip(headers["accept-encoding"]);
  const body = zipped ? await gzipped(kept.body) : kept.body;
  if (zipped) response.setHeader("content-encoding", "gzip");
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.setHeader("content-length", body.byteLength);
  response.end(method === "HEAD" ? undefined : body);
}

/**
 * @param {string} search
 * @param {string | null} ifNoneMatch
 */
async function answered(search, ifNoneMatch) {
  try {
    return (await slot().answerStatus?.(search, ifNoneMatch)) ?? null;
  } catch {
    return null;
  }
}

/** @param {string | string[] | undefined} accepted */
function takesGzip(accepted = "") {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(String(accepted));
}

const zip = promisify(gzip);
/** @type {WeakMap<Uint8Array, Promise<Buffer>>} */
const zips = new WeakMap();

/** @param {Uint8Array} body */
function gzipped(body) {
  const known = zips.get(body) ?? zip(body, { level: constants.Z_BEST_SPEED });
  zips.set(body, known);
  return known;
}
