import { join } from "node:path";
import { fetchAnswer } from "../http.mjs";

const JSON_TYPE = { "content-type": "application/json" };

/** Our HTTP API as a user calls it: by its port, or by its Unix socket. */
export class UnstuckApi {
  /** @param {{ port: number, dataDir: string, bySocket: boolean }} place */
  constructor({ port, dataDir, bySocket }) {
    this.port = port;
    this.place = bySocket ? { socketPath: join(dataDir, "unstuck.sock") } : { port };
  }

  /** What every request carries. With accounts, the one place for their token. @returns {Record<string, string>} */
  get headers() {
    return {};
  }

  /**
   * @param {string} path below /api/v1
   * @returns {import("../http.mjs").Call} by the port: for those who measure
   */
  request(path) {
    return { port: this.port, path: `/api/v1${path}`, headers: this.headers };
  }

  /**
   * @param {string} path below /api/v1
   * @returns {Promise<any>}
   */
  read(path) {
    return this.call("GET", path);
  }

  /**
   * @param {string} method
   * @param {string} path below /api/v1
   * @param {unknown} [body]
   * @returns {Promise<any>}
   * @throws Error with the answer when it is not a 2xx
   */
  async call(method, path, body) {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { ...this.headers, ...(body === undefined ? {} : JSON_TYPE) };
    const answer = await fetchAnswer({ ...this.place, path: `/api/v1${path}`, method, headers, ...content });
    const text = answer.body.toString();
    if (answer.status >= 400) throw new Error(`HTTP ${answer.status}: ${text.slice(0, 200)}`);
    return text === "" ? null : JSON.parse(text);
  }

  /** @param {string} run @param {number} lines */
  async tail(run, lines) {
    const { body } = await fetchAnswer(this.request(`/runs/${run}/log?tail=${lines}`));
    return body.toString();
  }

  async isReady() {
    try {
      return (await fetchAnswer({ port: this.port, path: "/health" })).status === 200;
    } catch {
      return false;
    }
  }
}
