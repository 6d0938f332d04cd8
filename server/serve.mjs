import { createServer } from "node:http";
import { slot } from "../lib/slot.mjs";
import { guardRequest } from "./host-guard.mjs";
import { DOOR_HEADER, openOwnerSocket } from "./owner-socket.mjs";
import { answerReport, reportAt } from "./run-reports.mjs";

/**
 * The HTTP server in front of Next: every answer, pages and static files included, passes the host guard here, so no
 * middleware is needed (it would double the cost of a request), and shutting down is ours from end to end.
 */

/** Longer than any answer we give; a log download goes on in the supervisor's absence no longer than this. */
const CLOSE_BUDGET_MS = 3_000;

/**
 * @param {import("./listen-config.mjs").ListenConfig} config
 * @param {{ root: string, dev: boolean, environment: import("../lib/slot.mjs").StartedWith, servicePid: number }} options `servicePid`: as in the slot
 * @returns {Promise<Served>}
 *
 * @typedef {object} Served
 * @property {string} origin
 * @property {() => boolean} endsRuns whether closing stops the runs, too
 * @property {(signal: string) => Promise<void>} close
 * @property {() => void} hurry the runs that are being stopped are killed now
 */
export async function serve(config, { root, dev, environment, servicePid }) {
  /** @type {import("node:http").RequestListener} */
  let answer = (_request, response) => {
    response.writeHead(503, { "retry-after": "1", "content-type": "text/plain; charset=utf-8" });
    response.end("Unstuck is starting.\n");
  };
  /** @type {import("node:http").RequestListener} */
  const respond = (request, response) => {
    const report = reportAt(request.url ?? "/");
    if (report !== null) answerReport(report, request, response);
    else if (isReadable(request.url ?? "/")) answer(request, response);
    else refuse(response, UNREADABLE_PATH);
  };
  const server = createServer((request, response) => {
    delete request.headers[DOOR_HEADER];
    const refusal = guardRequest(
      {
        method: request.method ?? "GET",
        host: request.headers.host,
        origin: one(request.headers.origin),
        fetchSite: one(request.headers["sec-fetch-site"]),
      },
      config,
    );
    if (refusal !== null) refuse(response, refusal);
    else respond(request, response);
  });
  const origin = await listen(server, config);
  slot().server = {
    origin,
    environment,
    servicePid,
    openOwnerSocket: (path) => openOwnerSocket(path, respond),
  };
  const { default: next } = await import("next");
  // Next adds its own upgrade handler for hot reloading in dev when it is handed the server.
  const app = next({
    dev,
    dir: root,
    hostname: config.host,
    port: Number(new URL(origin).port),
    httpServer: server,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  answer = (request, response) => void handle(request, response);
  return {
    origin,
    endsRuns: () => slot().lifecycle?.onShutdown === "stop",
    hurry: () => slot().lifecycle?.hurry(),
    close: async (signal) => {
      // While runs end they can be looked at, report their progress, and be killed by who has no patience.
      await slot().lifecycle?.endRuns(signal);
      const closed = new Promise((done) => server.close(() => done(undefined)));
      server.closeIdleConnections();
      const forced = setTimeout(() => server.closeAllConnections(), CLOSE_BUDGET_MS);
      await slot().lifecycle?.letGo();
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

const STATUS = { FOREIGN_HOST: 421, FOREIGN_ORIGIN: 403, INVALID_INPUT: 400 };
const UNREADABLE_PATH = /** @type {const} */ ({
  code: "INVALID_INPUT",
  detail:
    "The path has a % that is not followed by two hexadecimal digits of UTF-8 text. Write a plain % as %25.",
});

/**
 * Next answers a path it cannot decode with a bare 500.
 * @param {string} url
 */
function isReadable(url) {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {{ code: keyof typeof STATUS, detail: string }} refusal
 */
function refuse(response, { code, detail }) {
  const status = STATUS[code];
  response.writeHead(status, { "content-type": "application/problem+json", connection: "close" });
  response.end(
    JSON.stringify({
      type: "about:blank",
      title: "Refused",
      status,
      code,
      detail,
      details: {},
      requestId: null,
    }),
  );
}

/** @param {string | string[] | undefined} header */
function one(header) {
  return Array.isArray(header) ? header[0] : header;
}
