import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "../../rig/processes.mjs";
import { waitFor } from "../clock.mjs";
import { execute, readPid } from "../programs.mjs";
import { Daemon } from "./daemon.mjs";
import { findPm2, PM2_VERSION } from "./pm2-install.mjs";
import { staleSteps } from "./pm2-stale.mjs";

/**
 * PM2 through its documented programmatic API, a socket to its daemon, and its CLI where that is what a person uses. Without restarts except in
 * S5. It has no job that is known but was never started, so a start is always both.
 * @param {import("../session.mjs").Session} session
 */
export function adapter(session) {
  return new Pm2(session);
}

/**
 * @typedef {import("./adapter.mjs").Adapter} Adapter
 * @typedef {import("./adapter.mjs").Spec & { service: boolean }} Known
 */

/** @implements {Adapter} */
export class Pm2 extends Daemon {
  title = "PM2";
  /** It loses lines at the end in some rounds only. */
  outputRounds = 10;
  recoverHow = "pm2 save before, pm2 resurrect after";
  treeVariants = [{ label: "defaults (treekill)" }];
  tailHow = "pm2 logs NAME --lines 1000 --nostream --raw (CLI; the API has no tail)";
  /** @type {any} its module */
  api = null;
  module = "";
  /** @type {Map<string, Known>} */
  specs = new Map();

  get home() {
    return join(this.session.home, "pm2");
  }

  get pidFile() {
    return join(this.home, "pm2.pid");
  }

  async available() {
    try {
      const found = await findPm2(this.session.folder);
      this.module = found.module;
      return { ok: /** @type {const} */ (true), version: found.version };
    } catch (error) {
      const why = `PM2 ${PM2_VERSION} cannot be installed, and PM2_DIR names none: ${error}`;
      return { ok: /** @type {const} */ (false), why };
    }
  }

  async boot() {
    this.specs.clear();
    mkdirSync(this.home, { recursive: true });
    const settings = { PM2_HOME: this.home, PM2_DISABLE_VERSION_CHECK: "true", PM2_SILENT: "true" };
    Object.assign(process.env, settings);
    // Makes its home and starts the daemon.
    await this.cli(["ping"]);
    this.api ??= createRequire(import.meta.url)(this.module);
    await this.connect();
  }

  async connect() {
    await this.call("connect");
    await waitFor(() => isRunning(readPid(this.pidFile)), { limitMs: 10_000 });
    this.daemon = readPid(this.pidFile);
  }

  /**
   * @param {string} method
   * @param {unknown[]} args
   * @returns {Promise<any>}
   */
  call(method, ...args) {
    return new Promise((resolve, reject) => {
      this.api[method](...args, (/** @type {unknown} */ error, /** @type {unknown} */ value) => {
        if (error) reject(error instanceof Error ? error : new Error(JSON.stringify(error)));
        else resolve(value);
      });
    });
  }

  /** @param {readonly string[]} args */
  cli(args) {
    const { PM2_SILENT, PM2_PROGRAMMATIC, ...env } = this.session.env;
    const own = { PM2_HOME: this.home, PM2_DISABLE_VERSION_CHECK: "true", FORCE_COLOR: "0", NO_COLOR: "1" };
    return execute(process.execPath, [join(this.module, "bin/pm2"), ...args], {
      env: { ...env, ...own },
      cwd: this.session.home,
    });
  }

  async shutdown() {
    this.disconnect();
    await this.cli(["kill"]);
    await this.gone(10_000);
    this.daemon = 0;
  }

  disconnect() {
    try {
      this.api?.disconnect();
    } catch {
      // It was not connected.
    }
  }

  /**
   * @param {import("./adapter.mjs").Spec[]} specs
   * @param {import("./adapter.mjs").DefineOptions} [options]
   */
  async define(specs, { service = false } = {}) {
    for (const spec of specs) this.specs.set(spec.name, { ...spec, service });
  }

  /** @param {string} name */
  settingsOf(name) {
    const { argv = [], service = false } = this.specs.get(name) ?? {};
    const [script, ...args] = argv;
    const run = { interpreter: "none", exec_mode: "fork", cwd: this.session.home };
    return { name, script, args, ...run, ...(service ? {} : { autorestart: false }) };
  }

  /** @param {string} name */
  start(name) {
    return this.call("start", this.settingsOf(name));
  }

  /** @param {string} name */
  async startCli(name) {
    const [program = "", ...args] = this.specs.get(name)?.argv ?? [];
    const options = ["--name", name, "--interpreter", "none", "--no-autorestart", "--"];
    const { code, output } = await this.cli(["start", program, ...options, ...args]);
    if (code !== 0) throw new Error(output.slice(-300));
  }

  /** @param {string[]} names */
  startMany(names) {
    return this.call(
      "start",
      names.map((name) => this.settingsOf(name)),
    );
  }

  /** @param {string} name */
  stop(name) {
    return this.call("stop", name);
  }

  stopMany() {
    return this.call("stop", "all");
  }

  async forget() {
    // With no job left this is an error.
    await this.call("delete", "all").catch(() => undefined);
  }

  /** @returns {Promise<(import("./adapter.mjs").Listed & { exit: number | undefined })[]>} */
  async list() {
    /** @type {any[]} */
    const jobs = await this.call("list");
    return jobs.map(({ name, pid, pm2_env: { status, exit_code } }) => ({
      name,
      pid: pid || null,
      running: status === "online",
      state: status,
      exit: exit_code,
    }));
  }

  async persist() {
    const { code, output } = await this.cli(["save"]);
    if (code !== 0) throw new Error(output);
  }

  /** @override */
  async crash() {
    this.disconnect();
    await wait(50);
    await super.crash();
  }

  async recover() {
    await this.cli(["resurrect"]);
    await this.connect();
  }

  /** @param {string} name */
  async exitOf(name) {
    const jobs = (await this.list()).filter((job) => job.name === name);
    const said = jobs.map(({ state, exit, pid }) => `${state}, exit_code ${exit ?? "none"}, pid ${pid}`);
    return { code: jobs.find((job) => !job.running)?.exit ?? null, text: said.join("; ") || "unknown to it" };
  }

  /** @param {import("./adapter.mjs").StaleCase} what */
  stale(what) {
    return staleSteps(this, what);
  }

  /** @param {(name: string) => import("./adapter.mjs").Spec} spec */
  async duplicates(spec) {
    /** @type {import("./adapter.mjs").Duplicate[]} */
    const ways = [
      { label: "API start, same name", spec: spec("dupapi"), call: ({ name }) => this.start(name) },
      { label: "pm2 start CLI, same name", spec: spec("dupcli"), call: ({ name }) => this.startCli(name) },
    ];
    return ways;
  }

  async statusTargets() {
    return [
      { label: "API pm2.list()", kind: /** @type {const} */ ("list"), call: () => this.call("list") },
      { label: "pm2 jlist (CLI)", cli: () => this.cli(["jlist"]) },
    ];
  }

  /** @param {string} name */
  logParts(name) {
    return [{ path: join(this.home, "logs", `${name}-out.log`) }];
  }

  /**
   * @param {string} name
   * @param {number} lines
   */
  async tail(name, lines) {
    return (await this.cli(["logs", name, "--lines", String(lines), "--nostream", "--raw"])).stdout;
  }
}
