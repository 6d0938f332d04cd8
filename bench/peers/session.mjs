import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { endAllIn } from "../rig/server.mjs";
import { withTimeout } from "./clock.mjs";
import { calmMoment } from "./machine.mjs";
import { liveProbes } from "./processes.mjs";
import { messageOf } from "./programs.mjs";
import { clearStamps, stampOf, stampsIn } from "./stamps.mjs";

/**
 * @typedef {import("./adapters/adapter.mjs").Adapter} Adapter
 * @typedef {Record<string, string | number | boolean | null>} Metrics
 * @typedef {(scenario: string, variant: string, metrics: Metrics, note?: string) => void} Emit
 */

/** Everything that is started has it in its environment; with the folder in it, it is what clean-up looks for. */
const MARK = "PEERS_BENCH_FOLDER";
const CALM_PATIENCE_MS = 60_000;
const BOOT_LIMIT_MS = 90_000;
const SHUTDOWN_LIMIT_MS = 60_000;
/** No child outlives a broken bench for long. */
const CHILD_S = 900;

/** What the scenarios of one pass have in common: the folder, the probe, the daemon's life, where rows go. */
export class Session {
  /** @type {Emit} */
  emit = () => undefined;
  /** How idle the machine was before the daemon was started. */
  idlePercent = 0;

  /** @param {{ root: string, folder: string, probe: string, quick: boolean, variant?: string | undefined }} options */
  constructor({ root, folder, probe, quick, variant = "" }) {
    this.root = root;
    this.folder = folder;
    this.probe = probe;
    this.quick = quick;
    this.variant = variant;
    /** The daemon's state, new for each. */
    this.home = join(folder, "home");
    this.stampFolder = join(folder, "starts");
    process.env[MARK] = folder;
  }

  /** @returns {NodeJS.ProcessEnv} */
  get env() {
    return { ...process.env };
  }

  /**
   * A probe's command line.
   * @param {"sleep" | "tick" | "lines"} mode
   * @param {string} name
   * @param {number} amount seconds, or lines
   */
  argv(mode, name, amount) {
    return [this.probe, mode, this.stampFolder, name, String(amount)];
  }

  /**
   * @param {string} name
   * @param {number} [seconds]
   */
  sleeper(name, seconds = CHILD_S) {
    return { name, argv: this.argv("sleep", name, seconds) };
  }

  probes() {
    return liveProbes(this.folder);
  }

  /** @param {string} name */
  stamp(name) {
    return stampOf(this.stampFolder, name);
  }

  stamps() {
    return stampsIn(this.stampFolder);
  }

  clearStamps() {
    clearStamps(this.stampFolder);
  }

  /**
   * @param {Adapter} adapter
   * @param {string} scenario
   * @returns {readonly import("./adapters/adapter.mjs").Variant[]} what is measured, the product's default first
   */
  variantsOf(adapter, scenario) {
    const all = adapter.variants?.[scenario] ?? [{ label: "" }];
    return all.filter(({ label }) => label.includes(this.variant));
  }

  /**
   * A daemon with no history, on a calm machine.
   * @param {Adapter} adapter
   * @param {Record<string, any>} [boot]
   */
  async fresh(adapter, boot = {}) {
    await endAllIn([this.folder]);
    for (const folder of [this.home, this.stampFolder]) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      mkdirSync(folder, { recursive: true });
    }
    this.idlePercent = await calmMoment(this.quick ? 0 : CALM_PATIENCE_MS);
    await withTimeout(adapter.boot(boot), BOOT_LIMIT_MS, `${adapter.title}, start`);
  }

  /** @param {Adapter} adapter */
  async down(adapter) {
    try {
      await withTimeout(adapter.shutdown(), SHUTDOWN_LIMIT_MS, `${adapter.title}, end`);
    } catch (error) {
      console.error(`${adapter.title}: ${messageOf(error)}`);
    }
    await endAllIn([this.folder]);
  }

  /**
   * What this machine needs, now, to start children with nothing in between: the yardstick beside S1 and S2. Started from a new process: from this
   * one each would take the longer the more this one has measured, since a fork copies its page tables.
   * @param {number} count
   * @param {"in turn" | "at once"} how
   * @returns {Promise<number | null>} milliseconds: the median of one start, or all of them
   */
  async floor(count, how) {
    const folder = join(this.folder, "floor");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const program = join(import.meta.dirname, "floor.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      this.probe,
      folder,
      `${count}`,
      how,
    ]);
    return JSON.parse(stdout);
  }
}
