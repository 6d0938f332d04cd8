import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { kill } from "../programs.mjs";

const LINE_BYTES = 100;

/**
 * The floor: the harness itself spawns the child and remembers it. No product, but what kernel and Node need on this machine, so that the
 * others can be shown as ratios.
 * @param {import("../session.mjs").Session} session
 * @returns {import("./adapter.mjs").Adapter}
 */
export function adapter(session) {
  return new Bare(session);
}

/** @implements {Adapter} @typedef {import("./adapter.mjs").Adapter} Adapter */
class Bare {
  title = "bare spawn";
  scenarios = ["S1", "S2", "S4", "S10"];
  /** @type {Map<string, import("./adapter.mjs").Spec>} */
  specs = new Map();
  /** @type {Map<string, { pid: number, running: boolean }>} */
  jobs = new Map();

  /** @param {import("../session.mjs").Session} session */
  constructor(session) {
    this.session = session;
  }

  async available() {
    return { ok: /** @type {const} */ (true), version: `Node ${process.versions.node}` };
  }

  async boot() {
    this.specs.clear();
    this.jobs.clear();
  }

  async shutdown() {
    await this.stopMany([...this.jobs.keys()]);
  }

  daemonPids() {
    return [];
  }

  /** @param {import("./adapter.mjs").Spec[]} specs */
  async define(specs) {
    for (const spec of specs) this.specs.set(spec.name, spec);
  }

  /** @param {string} name */
  async start(name) {
    const [program = "", ...args] = this.specs.get(name)?.argv ?? [];
    const log = openSync(this.logFile(name), "a");
    const child = spawn(program, args, { stdio: ["ignore", log, log], detached: true });
    closeSync(log);
    const job = { pid: child.pid ?? 0, running: true };
    child.on("exit", () => {
      job.running = false;
    });
    this.jobs.set(name, job);
  }

  /** @param {string[]} names */
  async startMany(names) {
    for (const name of names) await this.start(name);
  }

  /** @param {string} name */
  async stop(name) {
    kill(this.jobs.get(name)?.pid ?? 0, "SIGTERM");
  }

  /** @param {string[]} names */
  async stopMany(names) {
    for (const name of names) await this.stop(name);
  }

  async list() {
    return [...this.jobs].map(([name, job]) => ({ name, ...job }));
  }

  async forget() {}

  /** @param {string} name */
  logFile(name) {
    return join(this.session.home, `${name}.log`);
  }

  /** @param {string} name */
  logParts(name) {
    return [{ path: this.logFile(name) }];
  }

  /**
   * @param {string} name
   * @param {number} lines
   */
  async tail(name, lines) {
    const log = openSync(this.logFile(name), "r");
    const { size } = fstatSync(log);
    const text = Buffer.alloc(Math.min(size, lines * LINE_BYTES));
    readSync(log, text, 0, text.length, size - text.length);
    closeSync(log);
    return text.toString("latin1");
  }
}
