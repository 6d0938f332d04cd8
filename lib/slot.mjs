import { AsyncLocalStorage } from "node:async_hooks";

/**
 * One process holds several copies of every module (the core, pages, the HTTP server in front), so
 * what they share stands in one global slot, and only this file touches it.
 */
const KEY = Symbol.for("unstuck.process");

/**
 * @typedef {object} Slot
 * @property {import("pino").Logger | null} log of this process, opened by server/serve.mjs
 * @property {Front | null} server set by server/serve.mjs before Next is loaded
 * @property {unknown} booted what lib/boot.ts has built; read through lib/runtime.ts only
 * @property {Lifecycle | null} lifecycle set by lib/boot.ts, used by server/serve.mjs; null while nothing is up
 * @property {AsyncLocalStorage<import("./domain/access").Asking>} asking who asks, for as long as a request is answered; read through lib/asking.ts
 * @property {Admit | null} admit set by lib/boot.ts, called by server/front.mjs for every request; null: not up yet, or going down
 * @property {string | null} firstSteps set by lib/boot.ts while there is no account: what to do about it; told with the address
 * @property {boolean} isAnnounced the address has been told
 * @property {AnswerApi | null} answerApi set by lib/boot.ts before anything else, called by server/front.mjs
 * @property {AnswerReport | null} answerReport set by lib/boot.ts, called by server/serve.mjs; null: not up yet, or going down
 * @property {AnswerStatus | null} answerStatus set by lib/boot.ts, called by server/kept-status.mjs; null: as above
 *
 * @typedef {object} AskedFor
 * @property {string} method
 * @property {string} url from its first /
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {string | undefined} peer the address of the other end of the connection
 * @property {boolean} byOwner through the owner's socket
 * @typedef {({ as: import("./domain/access").Asking } | { refusal: Response } | { goTo: string }) & { secure: boolean }} Admission `goTo`: a page
 * that says why; `secure`: the browser speaks TLS to a proxy that is believed
 * @typedef {(asked: AskedFor) => Admission | Promise<Admission>} Admit never throws or rejects
 *
 * @typedef {(request: Request) => Promise<Response>} AnswerApi all of the API; never rejects
 * @typedef {{ run: string, kind: "heartbeat" | "progress", method: string, authorization: string | undefined, body: string | null }} ReportCall
 * `body` null: it was larger than `server/run-reports.mjs` reads
 * @typedef {(call: ReportCall) => Promise<Response> | null} AnswerReport null: taken, there is nothing to say
 * @typedef {(search: string, ifNoneMatch: string | null) => Promise<{ etag: string, body: Uint8Array | null } | null>} AnswerStatus
 * `search` from its ?; `body` null: not modified; null: the API has to say what is wrong with it
 *
 * @typedef {object} Front the HTTP server in front
 * @property {string} origin
 * @property {StartedWith} environment
 * @property {number} servicePid the process that the service manager has started: this one, or its parent under an older Node
 * @property {(path: string) => Promise<OwnerSocket>} openOwnerSocket for lib/boot.ts, once it holds the data folder; never rejects
 *
 * @typedef {{ started: Readonly<Record<string, string>>, dotEnv: Readonly<Record<string, string>> }} StartedWith the environment before
 * `.env` was read, and what `.env` added
 *
 * @typedef {{ path: string | null, why: string | null, close: () => Promise<void> }} OwnerSocket `path` null: there is none, `why` tells
 *
 * @typedef {object} Lifecycle the two halves of an orderly end
 * @property {"leave" | "stop"} onShutdown what becomes of the runs
 * @property {(signal: string) => Promise<void>} endRuns with `stop`: ends them within the budget; requests are still answered meanwhile
 * @property {() => void} hurry kills what `endRuns` still waits for
 * @property {(answered: () => Promise<void>) => Promise<void>} letGo closes everything, after what was asked for is `answered`; what still runs goes on
 */

/** @returns {Slot} */
export function slot() {
  const holder = /** @type {{ [KEY]?: Slot }} */ (/** @type {unknown} */ (globalThis));
  holder[KEY] ??= {
    log: null,
    server: null,
    booted: null,
    lifecycle: null,
    asking: new AsyncLocalStorage(),
    admit: null,
    firstSteps: null,
    isAnnounced: false,
    answerApi: null,
    answerReport: null,
    answerStatus: null,
  };
  return holder[KEY];
}
