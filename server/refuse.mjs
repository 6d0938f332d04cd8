import { rawHeaderLines } from "./headers.mjs";

/** Answers given in front of Next, in the shape of every other problem (docs/api.md). */

const STATUS = {
  INVALID_INPUT: 400,
  FOREIGN_ORIGIN: 403,
  FRAME_REFUSED: 403,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TOO_SLOW: 408,
  FOREIGN_HOST: 421,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  SUPERVISOR_UNAVAILABLE: 503,
};

/** @typedef {{ code: keyof typeof STATUS, detail: string }} Refusal */

/** @type {Refusal} */
export const BROKEN = {
  code: "INTERNAL",
  detail: "Something went wrong inside Unstuck. Its log has more.",
};

/**
 * The connection is closed: what follows on it is not worth reading.
 * @param {import("node:http").ServerResponse} response
 * @param {Refusal} refusal
 */
export function refuse(response, refusal) {
  const { status, headers, body } = problem(refusal);
  response.writeHead(status, { ...headers, connection: "close" });
  response.end(body);
}

/** @param {Refusal} refusal */
export function problem({ code, detail }) {
  const status = STATUS[code];
  const title = code.charAt(0) + code.slice(1).toLowerCase().replaceAll("_", " ");
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  const body = JSON.stringify({
    type: "about:blank",
    title,
    status,
    code,
    detail,
    details: {},
    requestId: null,
  });
  return { status, headers, body };
}

/**
 * The same on a socket that has no ServerResponse: an upgrade, or bytes that are not HTTP.
 * @param {import("node:stream").Duplex} socket
 * @param {Refusal} refusal
 */
export function refuseRaw(socket, refusal) {
  const { status, headers, body } = problem(refusal);
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    "connection: close",
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...rawHeaderLines(),
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
