import { isRunning } from "../../rig/processes.mjs";
import { now, since } from "../clock.mjs";
import { isUnder, parents } from "../processes.mjs";
import { listOrNull } from "./common.mjs";

/**
 * @typedef {import("../processes.mjs").LiveProbe} LiveProbe
 * @typedef {import("../adapters/adapter.mjs").Listed} Listed
 */

/** Compares what a system says after its restart with what is so, and remembers since when both agree. */
export class Truth {
  began = now();
  /** @type {number | null} when it first answered, in milliseconds after `began` */
  answeredMs = null;
  /** @type {number | null} since when every live child is under a pid that it reports, and everything it calls running lives */
  strictMs = null;
  /** @type {number | null} since when at least the names of what runs are right */
  namesMs = null;
  /** @type {import("../session.mjs").Metrics} */
  last = {};

  /**
   * @param {import("../session.mjs").Session} session
   * @param {import("../adapters/adapter.mjs").Adapter} adapter
   * @param {{ names: readonly string[], before: readonly LiveProbe[] }} jobs `before`: the children that it had
   */
  constructor(session, adapter, { names, before }) {
    this.session = session;
    this.adapter = adapter;
    this.names = new Set(names);
    this.before = before;
  }

  async look() {
    const listed = await listOrNull(this.adapter);
    if (listed === null) return;
    const at = since(this.began);
    this.answeredMs ??= at;
    const running = listed.filter((one) => one.running && this.names.has(one.name));
    const { unknown, ghosts, missed } = this.compare(running);
    this.namesMs = ghosts === 0 && missed === 0 ? (this.namesMs ?? at) : null;
    this.strictMs = ghosts === 0 && unknown === 0 ? (this.strictMs ?? at) : null;
  }

  /** @param {readonly Listed[]} running */
  compare(running) {
    const live = this.session.probes();
    const parentOf = parents();
    const claimed = new Set(running.flatMap(({ pid }) => (pid ? [pid] : [])));
    const known = (/** @type {LiveProbe} */ { pid }) => isUnder(pid, claimed, parentOf);
    const liveNames = new Set(live.map(({ name }) => name));
    const saidNames = new Set(running.map(({ name }) => name));
    const found = {
      unknown: live.filter((probe) => !known(probe)).length,
      ghosts: [...saidNames].filter((name) => !liveNames.has(name)).length,
      missed: [...liveNames].filter((name) => !saidNames.has(name)).length,
    };
    this.last = {
      adopted: this.before.filter((probe) => isRunning(probe.pid) && known(probe)).length,
      jobs_with_2_processes: twice(live),
      live_but_unknown: found.unknown,
      ghosts: found.ghosts,
    };
    return found;
  }
}

/** @param {readonly LiveProbe[]} live */
function twice(live) {
  const names = live.map(({ name }) => name);
  return new Set(names.filter((name, index) => names.indexOf(name) !== index)).size;
}
