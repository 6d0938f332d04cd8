import { randomBytes } from "node:crypto";
import { waitFor } from "../clock.mjs";
import { fetchAnswer } from "../http.mjs";
import { apiKey, directPlugin } from "./cronicle-objects.mjs";

const JSON_TYPE = { "content-type": "application/json" };

/** Cronicle's JSON API; everything but signing in needs a key. */
export class CronicleApi {
  key = "";

  /** @param {number} port */
  constructor(port) {
    this.port = port;
  }

  /** As the administrator of a fresh install; makes a key and the plugin. */
  async signIn() {
    const { session_id } = await this.untilAnswered("user/login", { username: "admin", password: "admin" });
    const key = randomBytes(16).toString("hex");
    await this.untilAnswered("app/create_api_key", { session_id, ...apiKey(key) });
    await this.call("app/create_plugin", { session_id, ...directPlugin() });
    this.key = key;
  }

  /**
   * @param {string} name
   * @param {Record<string, unknown>} params
   * @returns {Promise<any>}
   */
  async untilAnswered(name, params) {
    let answer = null;
    await waitFor(
      async () => {
        answer = await this.call(name, params).catch(() => null);
        return answer !== null;
      },
      { everyMs: 200 },
    );
    if (answer === null) throw new Error(`Cronicle did not answer ${name}`);
    return answer;
  }

  /**
   * @param {string} name
   * @param {Record<string, unknown>} [params]
   * @returns {Promise<any>}
   */
  async call(name, params = {}) {
    const { status, body } = await fetchAnswer(this.request(name, params));
    if (status !== 200) throw new Error(`HTTP ${status}`);
    const answer = JSON.parse(body.toString());
    if (answer.code !== 0) throw new Error(answer.description || String(answer.code));
    return answer;
  }

  /**
   * @param {string} name
   * @param {Record<string, unknown>} params
   */
  request(name, params) {
    const headers = { ...JSON_TYPE, ...(this.key === "" ? {} : { "x-api-key": this.key }) };
    const body = JSON.stringify(params);
    return { port: this.port, path: `/api/${name}/v1`, method: "POST", headers, body };
  }
}
