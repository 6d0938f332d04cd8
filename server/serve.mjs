import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { slot } from "../lib/slot.mjs";
import { bringUpCore } from "./core.mjs";
import { endOnUncaughtErrors } from "./crash-policy.mjs";
import { answerInFront } from "./front.mjs";
import { keepNewSpaceSmall } from "./heap.mjs";
import { openOwnerSocket } from "./owner-socket.mjs";
import { pagesOf } from "./pages.mjs";
import { openProcessLog } from "./process-log.mjs";
import { answerProtocolErrors } from "./protocol-errors.mjs";

/**
 * The HTTP server in front of Next: every answer, pages and static files included, gets its headers and passes the host guard here,
 * so no middleware is needed (it would double the cost of a request), and shutting down is ours from end to end.
 */

/** For tests, which start hundreds of servers and rarely ask for a page. Otherwise a page must not be the first to find that the files have changed. */
const PAGES_WHEN_ASKED = process.env.UNSTUCK_TEST_PAGES === "when-asked";
/** Loading Next stands still for most of a second: who waits to hear what became of the runs is answered before that. */
const ANSWERS_FIRST_MS = 250;
/** Longer than any answer we give; a log download goes on in the supervisor's absence no longer than this. */
const CLOSE_BUDGET_MS = 3_000;
/** For what was asked before: most answers take milliseconds. What takes longer is told that it was cut off. */
const ANSWERS_WITHIN_MS = 1_000;

/**
 * @param {import("./listen-config.mjs").ListenConfig} config
 * @param {{ root: string, dev: boolean, environment: import("../lib/slot.mjs").StartedWith, servicePid: number }} options `servicePid`: as in the slot
 * @returns {Promise<Served>}
 *
 * @typedef {object} Served
 * @property {string} origin
 * @property {() => string | null} firstSteps what to do first, to be told with the address; what comes up later is printed by itself
 * @property {() => boolean} endsRuns whether closing stops the runs, too
 * @property {(signal: string) => Promise<void>} close
 * @property {() => void} hurry the runs that are being stopped are killed now
 */
export async function serve(config, { root, dev, environment, servicePid }) {
  keepNewSpaceSmall();
  const log = openProcessLog();
  endOnUncaughtErrors(log);
  const front = answerInFront(config, { dev, log });
  // A request without a Host header is refused by the guard, which says why.
  const server = createServer({ requireHostHeader: false }, front.onTcp);
  answerProtocolErrors(server, front.onTcp);
  const origin = await listen(server, config);
  slot().server = {
    origin,
    environment,
    servicePid,
    openOwnerSocket: (path) => openOwnerSocket(path, front.onOwnerSocket),
  };
  const pages = pagesOf(server, config, { root, dev, origin });
  if (!dev) await bringUpCore(root);
  front.handOverTo(async (request, response) => (await pages())(request, response));
  if (!dev && !PAGES_WHEN_ASKED) await wait(ANSWERS_FIRST_MS);
  if (!PAGES_WHEN_ASKED) await pages();
  return {
    origin,
    firstSteps: () => {
      slot().isAnnounced = true;
      return slot().firstSteps;
    },
    endsRuns: () => slot().lifecycle?.onShutdown === "stop",
    hurry: () => slot().lifecycle?.hurry(),
    close: async (signal) => {
      // While runs end they can be looked at, report their progress, and be killed by who has no patience.
      await slot().lifecycle?.endRuns(signal);
      const closed = new Promise((done) => server.close(() => done(undefined)));
      server.closeIdleConnections();
      const forced = setTimeout(() => server.closeAllConnections(), CLOSE_BUDGET_MS);
      await slot().lifecycle?.letGo(() => front.answered(ANSWERS_WITHIN_MS));
      server.closeIdleConnections();
      await closed;
      clearTimeout(forced);
    },
  };
}

/**
 * @param {import("node:http").Server} server
 * @param {import("./listen-config.mjs").ListenConfig} config
 * @returns {Promise<string>} the origin a browser on this machine opens
 */
function listen(server, config) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, () => {
      server.off("error", reject);
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : config.port;
      const name = config.host === "0.0.0.0" || config.host === "::" ? "127.0.0.1" : config.host;
      resolve(`http://${name.includes(":") ? `[${name}]` : name}:${port}`);
    });
  });
}
