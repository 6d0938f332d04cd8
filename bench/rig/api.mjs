import { Agent, request } from "node:http";

/**
 * A client that costs little beside what it measures: connections are kept, and bodies are parsed only when asked for.
 *
 * @typedef {{ status: number, body: Buffer }} Answer
 * @typedef {object} Api
 * @property {(path: string) => Promise<Answer>} get
 * @property {(path: string, body?: unknown) => Promise<Answer>} post
 * @property {(path: string) => Promise<any>} read GET, and the JSON of a 200
 * @property {(path: string, body?: unknown) => Promise<any>} command POST, and the JSON of a 2xx
 * @property {() => void} close
 */

/**
 * @param {string} origin
 * @returns {Api}
 */
export function connect(origin) {
  // Shorter than the five seconds after which the server closes an idle connection: a request never meets one just closed.
  const agent = new Agent({ keepAlive: true, maxSockets: 512, timeout: 2_000 });
  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<Answer>}
   */
  const call = (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { "content-type": "application/json" };
      const outgoing = request(`${origin}${path}`, { method, agent, headers }, (incoming) => {
        /** @type {Buffer[]} */
        const chunks = [];
        incoming.on("data", (chunk) => chunks.push(chunk));
        incoming.once("error", reject);
        incoming.once("end", () =>
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.once("error", reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  /**
   * Once more when the connection was just closed: a server that stood still for five seconds takes all of them for idle.
   * @param {string} path
   */
  const get = (path) =>
    call("GET", path).catch((error) => {
      if (error.code !== "ECONNRESET") throw error;
      return call("GET", path);
    });
  return {
    get,
    post: (path, body = {}) => call("POST", path, body),
    read: async (path) => parsed(path, await get(path)),
    command: async (path, body = {}) => parsed(path, await call("POST", path, body)),
    close: () => agent.destroy(),
  };
}

/**
 * @param {string} path
 * @param {Answer} answer
 */
function parsed(path, { status, body }) {
  if (status < 200 || status > 299)
    throw new Error(`${path} answered ${status}: ${body.toString().slice(0, 500)}`);
  return JSON.parse(body.toString());
}
