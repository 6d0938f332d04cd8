import { isRunning } from "../../rig/processes.mjs";
import { waitFor } from "../clock.mjs";
import { kill } from "../programs.mjs";

/** What adapters of systems with one daemon have in common. */
export class Daemon {
  recoverLimitMs = 30_000;
  /** Its pid; 0: none. */
  daemon = 0;

  /** @param {import("../session.mjs").Session} session */
  constructor(session) {
    this.session = session;
  }

  daemonPids() {
    return this.daemon > 0 ? [this.daemon] : [];
  }

  async crash() {
    kill(this.daemon);
    await this.gone(5_000);
  }

  /** Waits for its end, and makes one when there was none. @param {number} limitMs */
  async gone(limitMs) {
    const { daemon } = this;
    const { ok } = await waitFor(() => !isRunning(daemon), { limitMs, everyMs: 10 });
    if (!ok) kill(daemon);
  }

  /** Ends the live probes of a job. @param {string} job */
  killProbesOf(job) {
    for (const { name, pid } of this.session.probes()) if (name === job) kill(pid);
  }
}
