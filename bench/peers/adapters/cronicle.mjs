import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isRunning } from "../../rig/processes.mjs";
import { eachOf, waitFor } from "../clock.mjs";
import { fetchAnswer } from "../http.mjs";
import { execute, freePort, readPid } from "../programs.mjs";
import { CronicleApi } from "./cronicle-api.mjs";
import { CATEGORY, eventOf } from "./cronicle-objects.mjs";
import { staleSteps } from "./cronicle-stale.mjs";
import { copyTree, writeConfig } from "./cronicle-tree.mjs";
import { Daemon } from "./daemon.mjs";

const SHELL_PLUGIN = { label: "Shell Script plugin (its default)" };
const OWN_PLUGIN = { label: "own plugin: sh -c exec", boot: { plugin: "direct" } };
const CONTROL_LIMIT_MS = 40_000;

/**
 * Cronicle over its JSON API, from a tree with its modules installed (CRONICLE_DIR), by this Node or CRONICLE_NODE. It is primary at once,
 * except after the crash of S5, which goes as documented (60 s). 1,000 jobs are held with a plugin of our own, as 1,000 of its Node helpers
 * do not fit into memory.
 * @param {import("../session.mjs").Session} session
 */
export function adapter(session) {
  return new Cronicle(session);
}

/** @typedef {import("./adapter.mjs").Adapter} Adapter */

/** @implements {Adapter} */
export class Cronicle extends Daemon {
  title = "Cronicle";
  recoverHow = "bin/control.sh start (default config: it becomes primary after 60 s)";
  tailHow = "get_job_log (the whole log, gzip; the API has no tail)";
  variants = {
    S1: [SHELL_PLUGIN, OWN_PLUGIN],
    S2: [SHELL_PLUGIN, OWN_PLUGIN],
    S3: [
      { ...SHELL_PLUGIN, sizes: /** @type {const} */ (["some"]) },
      { ...OWN_PLUGIN, sizes: /** @type {const} */ (["many"]) },
    ],
    S5: [{ label: "attached (its default)" }, { label: "detached=1", boot: { detached: true } }],
    S9: [{ label: "", boot: { plugin: "direct" } }],
  };
  treeVariants = [
    SHELL_PLUGIN,
    OWN_PLUGIN,
    { label: "Shell Script plugin, detached=1", boot: { detached: true } },
  ];
  source = process.env.CRONICLE_DIR ?? join(tmpdir(), "peers/cronicle");
  node = process.env.CRONICLE_NODE ?? process.execPath;
  secret = randomBytes(16).toString("hex");
  api = new CronicleApi(0);
  direct = false;
  detached = false;
  /** @type {Map<string, string>} of each job the id of its newest run */
  jobIds = new Map();

  get folder() {
    return join(this.session.home, "cronicle");
  }

  get pidFile() {
    return join(this.folder, "logs/cronicled.pid");
  }

  async available() {
    if (!["lib/main.js", "node_modules"].every((name) => existsSync(join(this.source, name)))) {
      const why = `no prepared Cronicle in ${this.source} (set CRONICLE_DIR)`;
      return { ok: /** @type {const} */ (false), why };
    }
    const { version } = JSON.parse(readFileSync(join(this.source, "package.json"), "utf8"));
    return { ok: /** @type {const} */ (true), version };
  }

  /** @param {{ plugin?: string, detached?: boolean }} [options] */
  async boot({ plugin = "shell", detached = false } = {}) {
    this.recoverLimitMs = 100_000;
    this.direct = plugin === "direct";
    this.detached = detached;
    this.jobIds.clear();
    this.api = new CronicleApi(await freePort());
    copyTree(this.source, this.folder);
    this.configure({ primary: true });
    const { code, output } = await this.control("setup");
    if (code !== 0) throw new Error(`setup: ${output.slice(-300)}`);
    await this.launch();
    await this.api.signIn();
  }

  /** @param {{ primary: boolean }} options */
  configure({ primary }) {
    writeConfig(this.folder, { port: this.api.port, secret: this.secret, primary });
  }

  /** @param {string} verb */
  control(verb) {
    const env = { ...this.session.env, PATH: `${dirname(this.node)}:${process.env.PATH}` };
    const options = { env, cwd: this.folder, timeout: CONTROL_LIMIT_MS };
    return execute("bash", [join(this.folder, "bin/control.sh"), verb], options);
  }

  async launch() {
    const started = await this.control("start");
    await waitFor(() => isRunning(readPid(this.pidFile)), { limitMs: 15_000 });
    this.daemon = readPid(this.pidFile);
    return started;
  }

  async shutdown() {
    if (this.daemon > 0 && isRunning(this.daemon)) {
      await this.control("stop");
      await this.gone(15_000);
    }
    this.daemon = 0;
  }

  /** @param {import("./adapter.mjs").Spec[]} specs */
  async define(specs) {
    for (const spec of specs) await this.api.call("app/create_event", eventOf(spec, this));
  }

  /** @param {string} name */
  async start(name) {
    const { ids } = await this.api.call("app/run_event", { id: name });
    this.jobIds.set(name, ids?.[0]);
  }

  /** @param {string[]} names */
  startMany(names) {
    return eachOf(names, (name) => this.start(name));
  }

  async list() {
    const { jobs } = await this.api.call("app/get_active_jobs");
    return Object.values(/** @type {Record<string, any>} */ (jobs)).map(({ event, pid, id }) => ({
      name: /** @type {string} */ (event),
      pid: /** @type {number} */ (pid) || null,
      running: true,
      id: /** @type {string} */ (id),
    }));
  }

  /** @param {string} name */
  async stop(name) {
    const active = (await this.list()).filter((one) => one.name === name);
    if (active.length === 0) throw new Error("not active");
    for (const { id } of active) await this.api.call("app/abort_job", { id });
  }

  /** @param {string[]} names */
  async stopMany(names) {
    if (!this.detached) return void (await this.api.call("app/abort_jobs", { category: CATEGORY }));
    for (const { name, id } of await this.list())
      if (names.includes(name)) await this.api.call("app/abort_job", { id });
  }

  async forget() {}

  async recover() {
    this.configure({ primary: false });
    await this.launch();
  }

  /** @param {string} name */
  async exitOf(name) {
    const { rows = [] } = await this.api.call("app/get_event_history", { id: name, offset: 0, limit: 5 });
    const row = rows.find((/** @type {any} */ { id }) => id === this.jobIds.get(name)) ?? rows[0];
    if (row === undefined) return { code: null, text: "no history row yet" };
    return { code: row.code === 7 ? 7 : null, text: `code ${row.code}: ${row.description || "success"}` };
  }

  /** @param {import("./adapter.mjs").StaleCase} what */
  stale(what) {
    return staleSteps(this, what);
  }

  /** @param {(name: string) => import("./adapter.mjs").Spec} spec */
  async duplicates(spec) {
    const call = (/** @type {import("./adapter.mjs").Spec} */ { name }) => this.start(name);
    return [
      { label: "run_event, max_children=1 (UI default)", spec: { ...spec("dupone"), max: 1 }, call },
      { label: "run_event, max_children=0 (API default)", spec: { ...spec("dupany"), max: 0 }, call },
    ];
  }

  async statusTargets() {
    const http = this.api.request("app/get_active_jobs", {});
    return [{ label: "get_active_jobs", kind: /** @type {const} */ ("list"), http }];
  }

  /** @param {string} name */
  logSize(name) {
    const file = join(this.folder, "logs/jobs", `${this.jobIds.get(name)}.log`);
    return statSync(file, { throwIfNoEntry: false })?.size ?? -1;
  }

  /** @param {string} name */
  async wholeLog(name) {
    const path = `/api/app/get_job_log/v1?id=${this.jobIds.get(name)}&api_key=${this.api.key}`;
    const { status, headers, body } = await fetchAnswer({ port: this.api.port, path });
    if (status !== 200) return null;
    return headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  }

  /**
   * @param {string} name
   * @param {number} lines
   */
  async tail(name, lines) {
    const log = await this.wholeLog(name);
    return log?.subarray(Math.max(0, log.length - (lines + 10) * 100)).toString("latin1") ?? "";
  }
}
