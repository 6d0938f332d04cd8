import { refuseRaw } from "./refuse.mjs";

/** @type {Record<string, import("./refuse.mjs").Refusal>} */
const REFUSALS = {
  HPE_HEADER_OVERFLOW: {
    code: "HEADERS_TOO_LARGE",
    detail: "The headers of a request may have 16 KiB in all. Send fewer cookies, or a shorter address.",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: "REQUEST_TOO_SLOW",
    detail: "The request did not arrive in time: 60 s for its headers, 300 s for all of it. Send it again.",
  },
};

/**
 * What Node answers by itself, without a request ever reaching us, in our own words and with our headers.
 * @param {import("node:http").Server} server
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} answer
 */
export function answerProtocolErrors(server, answer) {
  /** @type {WeakMap<import("node:stream").Duplex, import("node:http").ServerResponse>} */
  const underWay = new WeakMap();
  server.prependListener("request", (request, response) => underWay.set(request.socket, response));
  server.on("clientError", (/** @type {NodeJS.ErrnoException} */ error, socket) => {
    const response = underWay.get(socket);
    const halfWritten = response?.headersSent === true && !response.writableFinished;
    if (socket.writable && !halfWritten) refuseRaw(socket, REFUSALS[error.code ?? ""] ?? notHttp(error));
    else socket.destroy();
  });
  // `Expect:` with something else than 100-continue may be ignored (RFC 9110, 10.1.1).
  server.on("checkExpectation", answer);
}

/**
 * @param {Error} error
 * @returns {import("./refuse.mjs").Refusal}
 */
function notHttp(error) {
  return { code: "INVALID_INPUT", detail: `This is not an HTTP/1.1 request: ${error.message}.` };
}
