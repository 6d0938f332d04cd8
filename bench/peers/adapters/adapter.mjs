/**
 * How a system is asked. One adapter each, so that all of them are asked the same questions, through their own interfaces alone.
 *
 * @typedef {{ name: string, argv: string[], pipe?: boolean, max?: number, pidFile?: string }} Spec a job; the rest is for one adapter each
 *
 * @typedef {object} Listed what the system says of a job
 * @property {string} name
 * @property {number | null} pid
 * @property {boolean} running
 * @property {boolean} [starting]
 * @property {string} [state]
 *
 * @typedef {object} Variant a way to measure a scenario; the first is what the product does by default, and what the table shows
 * @property {string} label
 * @property {Record<string, any>} [boot] for `boot()`
 * @property {Partial<Spec>} [spec]
 * @property {DefineOptions} [define]
 * @property {boolean} [real] S1: `startReal()` and no probe
 * @property {number} [starts] S1: so many in a round
 * @property {number} [spreadMs] S1: not one after the other, but at random within this time
 * @property {readonly ("some" | "many")[]} [sizes] S3: not both
 *
 * @typedef {{ service?: boolean, extra?: string, max?: number }} DefineOptions `service`: restarted as the product does by default
 *
 * @typedef {object} StatusTarget a way to ask for the status, S9
 * @property {string} label
 * @property {"list" | "unchanged"} [kind] the table's
 * @property {import("../http.mjs").Call} [http]
 * @property {() => Promise<unknown>} [call]
 * @property {() => Promise<import("../programs.mjs").Ended>} [cli]
 *
 * @typedef {{ step: string, result: string, untouched: boolean }} StaleStep `untouched`: the stranger lives
 * @typedef {{ stranger: number, job: string }} StaleCase
 * @typedef {{ label: string, spec: Spec, call: (spec: Spec) => Promise<unknown>, settleMs?: number }} Duplicate
 * @typedef {{ path: string, strip?: RegExp }} LogPart `strip`: what the daemon puts into the middle of lines
 *
 * @typedef {object} Adapter
 * @property {string} title
 * @property {readonly string[]} [scenarios] only these
 * @property {number} [recoverLimitMs] S5
 * @property {number} [outputRounds] S10
 * @property {Partial<Record<string, readonly Variant[]>>} [variants] by scenario
 * @property {() => Promise<{ ok: true, version: string } | { ok: false, why: string }>} available
 * @property {(options: Record<string, any>) => Promise<void>} boot a fresh daemon, its state below the session's home
 * @property {() => Promise<void>} shutdown
 * @property {() => number[]} daemonPids of the supervising processes; what they start is found
 * @property {(specs: Spec[], options?: DefineOptions) => Promise<unknown>} define makes jobs known
 * @property {(name: string) => Promise<unknown>} start
 * @property {(names: string[]) => Promise<unknown>} startMany
 * @property {(name: string) => Promise<unknown>} stop
 * @property {(names: string[]) => Promise<unknown>} stopMany
 * @property {() => Promise<Listed[]>} list
 * @property {(names: string[]) => Promise<unknown>} forget
 * @property {(name: string) => Promise<unknown>} [startCli] S1
 * @property {(spec: Spec) => Promise<unknown>} [startNew] S1: a job never seen before
 * @property {(name: string) => Promise<unknown>} [startReal] S1
 * @property {() => Promise<unknown>} [persist] S5, as its manual says
 * @property {() => Promise<void>} [crash] S5
 * @property {() => Promise<unknown>} [recover] S5
 * @property {string} [recoverHow]
 * @property {(name: string) => Promise<{ code: number | null, text: string }>} [exitOf] S5
 * @property {readonly (Variant & { define?: DefineOptions })[]} [treeVariants] S6
 * @property {(what: StaleCase) => Promise<StaleStep[]>} [stale] S7
 * @property {(spec: (name: string) => Spec) => Promise<Duplicate[]>} [duplicates] S8
 * @property {() => Promise<StatusTarget[]>} [statusTargets] S9
 * @property {(name: string) => LogPart[]} [logParts] S10: the log's files, the oldest first
 * @property {() => LogPart[]} [pipedLog] S10: where the output is that comes through a pipe
 * @property {(name: string) => number} [logSize] S10
 * @property {(name: string) => Promise<Buffer | null>} [wholeLog] S10, where there is no file to read
 * @property {(name: string, lines: number) => Promise<string>} [tail] S10
 * @property {string} [tailHow]
 */

/** @typedef {{ adapter: (session: import("../session.mjs").Session) => Adapter }} Module */

/** @type {Record<string, () => Promise<Module>>} */
const MODULES = {
  bare: () => import("./bare.mjs"),
  unstuck: () => import("./unstuck.mjs"),
  supervisord: () => import("./supervisord.mjs"),
  pm2: () => import("./pm2.mjs"),
  scrapyd: () => import("./scrapyd.mjs"),
  cronicle: () => import("./cronicle.mjs"),
};

/** The systems that can be measured, as they are named on the command line. */
export const PEERS = Object.keys(MODULES);

/**
 * @param {string} peer
 * @param {import("../session.mjs").Session} session
 * @returns {Promise<Adapter>}
 * @throws Error when there is no such system
 */
export async function adapterOf(peer, session) {
  const module = await MODULES[peer]?.();
  if (module === undefined) throw new Error(`Expected ${PEERS.join(", ")}; found "${peer}".`);
  return module.adapter(session);
}
