import { Agent, request } from "node:http";

/**
 * One request on a kept connection of this machine, by port or by Unix socket.
 *
 * @typedef {object} Call
 * @property {number} [port]
 * @property {string} [socketPath]
 * @property {string} path
 * @property {string} [method]
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 *
 * @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, body: Buffer }} Answer
 */

const LIMIT_MS = 60_000;
const CLOSED = ["ECONNRESET", "EPIPE"];
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * Once more when the server closed the connection just as it was used again.
 * @param {Call} call
 * @returns {Promise<Answer>}
 */
export async function fetchAnswer(call) {
  try {
    return await once(call);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== undefined && CLOSED.includes(code)) return once(call);
    throw error;
  }
}

/**
 * @param {Call} call
 * @returns {Promise<Answer>}
 */
function once({ port, socketPath, path, method = "GET", headers = {}, body }) {
  const place = socketPath === undefined ? { host: "127.0.0.1", port } : { socketPath };
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { ...place, path, method, agent, headers: { ...headers, ...length } },
      (incoming) => {
        /** @type {Buffer[]} */
        const chunks = [];
        incoming.on("data", (chunk) => chunks.push(chunk));
        incoming.once("error", reject);
        incoming.once("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    outgoing.setTimeout(LIMIT_MS, () =>
      outgoing.destroy(new Error(`${path}: no answer in ${LIMIT_MS / 1_000} s`)),
    );
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}
