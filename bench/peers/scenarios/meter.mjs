import { pssMib, supervisorPids, threadsCpuMs } from "../processes.mjs";

/** CPU and memory of the supervisor while a child prints; processes that come and go meanwhile count, too. */
export class Meter {
  /** @type {Map<number, { from: number, to: number }>} */
  used = new Map();
  peakMib = 0;

  /**
   * @param {import("../session.mjs").Session} session
   * @param {import("../adapters/adapter.mjs").Adapter} adapter
   */
  constructor(session, adapter) {
    this.session = session;
    this.daemons = adapter.daemonPids();
    this.look();
  }

  look() {
    const pids = this.daemons.length === 0 ? [] : supervisorPids(this.daemons, this.session.folder);
    for (const pid of pids) {
      const ms = threadsCpuMs(pid);
      const known = this.used.get(pid) ?? { from: this.daemons.includes(pid) ? ms : 0, to: 0 };
      this.used.set(pid, { from: known.from, to: Math.max(known.to, ms) });
    }
    this.peakMib = Math.max(this.peakMib, pssMib(pids));
  }

  result() {
    if (this.daemons.length === 0) return { cpuS: null, peakMib: null };
    const ms = [...this.used.values()].reduce((sum, { from, to }) => sum + to - from, 0);
    return { cpuS: ms / 1_000, peakMib: this.peakMib };
  }
}
