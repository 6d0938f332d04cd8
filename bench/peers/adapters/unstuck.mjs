import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { usersEnvironment } from "../../rig/server.mjs";
import { eachOf, waitFor } from "../clock.mjs";
import { background, execute, freePort, kill } from "../programs.mjs";
import { Daemon } from "./daemon.mjs";
import { UnstuckApi } from "./unstuck-api.mjs";
import { staleSteps } from "./unstuck-stale.mjs";

/** What a client needs to tell what runs; the rest of a status is many times as large. */
const SHORT_STATUS = "/status?fields=job,state,pid";
const READY_LIMIT_MS = 60_000;

/**
 * Our own product: this checkout, or UNSTUCK_DIR, in which `npm start` was run once. It is the server with its spawn helper and a launcher
 * for each run. A crash kills the server alone; the helper ends with it, and runs and their launchers are no part of it.
 * @param {import("../session.mjs").Session} session
 */
export function adapter(session) {
  return new Unstuck(session);
}

/** @typedef {import("./adapter.mjs").Adapter} Adapter */

/** @implements {Adapter} */
export class Unstuck extends Daemon {
  title = "Unstuck";
  recoverHow = "node scripts/start.mjs";
  variants = {
    S1: [{ label: "HTTP API" }, { label: "HTTP API over the Unix socket", boot: { socket: true } }],
    S5: [
      { label: "defaults (autoRecover: false)" },
      { label: "autoRecover: true", boot: { autoRecover: true } },
    ],
  };
  treeVariants = [{ label: "defaults" }];
  tailHow = "GET /api/v1/runs/:run/log?tail=1000";
  root = resolve(process.env.UNSTUCK_DIR ?? this.session.root);
  port = 0;
  autoRecover = false;
  api = new UnstuckApi({ port: 0, dataDir: "", bySocket: false });
  /** @type {Map<string, string>} of each job its newest run */
  runs = new Map();

  get dataDir() {
    return join(this.session.home, "data");
  }

  async available() {
    if (!existsSync(join(this.root, ".next/BUILD_ID"))) {
      const why = `nothing is built in ${this.root}: run npm start there once`;
      return { ok: /** @type {const} */ (false), why };
    }
    const { version } = JSON.parse(readFileSync(join(this.root, "package.json"), "utf8"));
    const { stdout } = await execute("git", ["rev-parse", "--short", "HEAD"], { cwd: this.root });
    return { ok: /** @type {const} */ (true), version: `${version} ${stdout.trim()}`.trim() };
  }

  /** @param {{ socket?: boolean, autoRecover?: boolean }} [options] */
  async boot({ socket = false, autoRecover = false } = {}) {
    this.autoRecover = autoRecover;
    this.runs.clear();
    this.port = await freePort();
    this.api = new UnstuckApi({ port: this.port, dataDir: this.dataDir, bySocket: socket });
    await this.launch();
  }

  async launch() {
    this.daemon = background(process.execPath, ["scripts/start.mjs"], {
      cwd: this.root,
      env: usersEnvironment({
        PORT: String(this.port),
        HOST: "127.0.0.1",
        UNSTUCK_DATA_DIR: this.dataDir,
        UNSTUCK_AUTH: "off",
        ...(process.getuid?.() === 0 ? { UNSTUCK_RUN_AS: "root" } : {}),
        UNSTUCK_ON_SHUTDOWN: "leave",
      }),
      log: join(this.session.home, "server.log"),
    });
    const up = await waitFor(() => this.api.isReady(), { limitMs: READY_LIMIT_MS, everyMs: 10 });
    if (!up.ok) throw new Error("Unstuck did not become ready");
  }

  async shutdown() {
    for (const { pid } of this.session.probes()) kill(pid);
    kill(this.daemon, "SIGTERM");
    if (this.daemon > 0) await this.gone(15_000);
    this.daemon = 0;
    // One that was just being launched.
    for (const { pid } of this.session.probes()) kill(pid);
    await wait(100);
  }

  /**
   * @param {import("./adapter.mjs").Spec[]} specs
   * @param {import("./adapter.mjs").DefineOptions} [options]
   */
  define(specs, { service = false } = {}) {
    return eachOf(specs, ({ name, argv, pidFile }) =>
      this.api.call("POST", "/jobs", {
        id: name,
        argv,
        ...(service && this.autoRecover ? { autoRecover: true } : {}),
        ...(pidFile === undefined ? {} : { pidFile }),
      }),
    );
  }

  /** @param {string} name */
  async start(name) {
    const { run } = await this.api.call("POST", `/jobs/${name}/start`);
    this.runs.set(name, run.id);
  }

  /** There is no start of many. @param {string[]} names */
  startMany(names) {
    return eachOf(names, (name) => this.start(name));
  }

  /** What is typed in a shell: it answers when the run is queued. @param {string} name */
  async startCli(name) {
    const cli = join(this.root, "cli/unstuck.mjs");
    const { code, output } = await execute(process.execPath, [cli, "start", name, "--data", this.dataDir], {
      env: this.session.env,
      cwd: this.session.home,
    });
    if (code !== 0) throw new Error(output);
  }

  /** @param {import("./adapter.mjs").Spec} spec */
  async startNew(spec) {
    await this.define([spec]);
    await this.start(spec.name);
  }

  /** @param {string} name */
  stop(name) {
    return this.api.call("POST", `/jobs/${name}/stop`);
  }

  /** Its stop of many is that of all; whatever runs is what a scenario asks to stop. */
  stopMany() {
    return this.api.call("POST", "/stop-all");
  }

  /** A run has a process exactly from when it runs until it is over. */
  async list() {
    /** @type {{ items: { job: string, state: string, pid: number | null }[] }} */
    const { items } = await this.api.read(SHORT_STATUS);
    return items.map(({ job, state, pid }) => ({
      name: job,
      pid,
      running: state === "RUNNING" && pid !== null,
      starting: state === "RUNNING" && pid === null,
      state,
    }));
  }

  /** @param {string[]} names */
  forget(names) {
    return eachOf(names, (name) => this.api.call("DELETE", `/jobs/${name}`).catch(() => undefined));
  }

  /** @param {string} name */
  async exitOf(name) {
    /** @type {{ items: { state: string, exitCode: number | null }[] }} */
    const { items } = await this.api.read(`/runs?job=${name}&limit=20`);
    const said = items.map(({ state, exitCode }) => `${state}${exitCode === null ? "" : ` (${exitCode})`}`);
    return {
      code: items.find(({ exitCode }) => exitCode !== null)?.exitCode ?? null,
      text: said.join("; ") || "no run",
    };
  }

  recover() {
    return this.launch();
  }

  /** @param {import("./adapter.mjs").StaleCase} what */
  stale(what) {
    return staleSteps(this, what);
  }

  /** @param {(name: string) => import("./adapter.mjs").Spec} spec */
  async duplicates(spec) {
    /** @type {import("./adapter.mjs").Duplicate[]} */
    const ways = [
      { label: "POST start", spec: spec("dupapi"), call: ({ name }) => this.start(name) },
      { label: "unstuck start CLI", spec: spec("dupcli"), call: ({ name }) => this.startCli(name) },
    ];
    return ways;
  }

  async statusTargets() {
    /** @type {import("./adapter.mjs").StatusTarget[]} */
    const targets = [
      {
        label: "GET /status, every job with its newest run",
        kind: "list",
        http: this.api.request("/status"),
      },
      { label: "GET /status, If-None-Match", kind: "unchanged", http: this.api.request("/status") },
      { label: `GET ${SHORT_STATUS}`, http: this.api.request(SHORT_STATUS) },
      {
        label: "GET /runs?state=running&limit=200",
        http: this.api.request("/runs?state=running&limit=200"),
      },
      { label: "GET /jobs?limit=200, without states of runs", http: this.api.request("/jobs?limit=200") },
    ];
    return targets;
  }

  /** @param {string} name */
  logParts(name) {
    return [{ path: join(this.dataDir, name, "logs", `${this.runs.get(name)}.log`) }];
  }

  /**
   * @param {string} name
   * @param {number} lines
   */
  tail(name, lines) {
    return this.api.tail(this.runs.get(name) ?? "", lines);
  }
}
