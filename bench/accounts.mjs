import { request } from "node:http";
import { join } from "node:path";
import autocannon from "autocannon";
import { figure, median, percentile } from "./rig/figures.mjs";
import { healthMeanwhile } from "./rig/health-meanwhile.mjs";
import { runMany, stopAll } from "./rig/runs.mjs";
import { startServer } from "./rig/server.mjs";

export const title = "What accounts cost";

const NAME = "bench";
const PASSWORD = "a password for a bench";
const ROUNDS = 5;
const JOBS = 20;

/** @typedef {import("./rig/server.mjs").BenchServer} BenchServer */

/**
 * The status, asked for with a session and with a token, beside the same of a dashboard without accounts; what others wait for while people sign
 * in; and whether the time of an answer tells if there is such a user. The baseline of the first is the dashboard without accounts.
 * @param {import("../scripts/bench.mjs").Bench} bench
 */
export async function measure({ root, quick }) {
  const open = await startServer(root);
  const closed = await startServer(root, { env: { UNSTUCK_AUTH: "" } });
  const owner = bySocket(closed);
  await owner("POST", "/api/v1/users", { name: NAME, role: "admin", password: PASSWORD });
  const { secret } = await owner("POST", "/api/v1/tokens", { name: NAME, role: "admin" });
  const cookie = await signIn(closed, NAME, PASSWORD);
  await changePassword(closed, cookie);
  const session = await signIn(closed, NAME, `${PASSWORD}!`);
  await runMany(open, JOBS, ["sleep", "3600"]);
  await runManyBySocket(owner, JOBS);
  const seconds = quick ? 2 : 10;
  const figures = [];
  for (const connections of [1, 10]) {
    const asked = {
      open: { url: `${open.origin}/api/v1/status`, headers: {} },
      session: { url: `${closed.origin}/api/v1/status`, headers: { cookie: session } },
      token: { url: `${closed.origin}/api/v1/status`, headers: { authorization: `Bearer ${secret}` } },
    };
    /** @type {Record<string, number[]>} */
    const p50 = { open: [], session: [], token: [] };
    for (let round = 0; round <= ROUNDS; round += 1)
      for (const [way, { url, headers }] of Object.entries(asked)) {
        const times = await load(url, headers, connections, seconds);
        // The first round warms all three up.
        if (round > 0) p50[way]?.push(median(times));
      }
    for (const way of ["session", "token"])
      figures.push(
        figure(
          `/api/v1/status by ${way}, ${connections} at once, p50`,
          "ms",
          median(p50[way] ?? []),
          median(p50.open ?? []),
        ),
      );
  }
  figures.push(...(await signingIn(root, quick ? 5 : 25)));
  await owner("POST", "/api/v1/stop-all", { graceMs: 0 });
  await stopAll(open);
  return figures;
}

/**
 * Behind a proxy that tells a new address for each attempt: who fails from one address again and again has to wait.
 * @param {string} root
 * @param {number} count
 */
async function signingIn(root, count) {
  const server = await startServer(root, { env: { UNSTUCK_AUTH: "", UNSTUCK_TRUSTED_PROXIES: "127.0.0.1" } });
  return [...(await whileSigningIn(server)), ...(await timesOf(server, bySocket(server), count))];
}

/**
 * Twenty people at once. The baseline is the same question while nobody signs in.
 * @param {BenchServer} server
 */
async function whileSigningIn(server) {
  const quiet = await healthMeanwhile(server, 5, () => new Promise((resolve) => setTimeout(resolve, 2_000)));
  const busy = await healthMeanwhile(server, 5, () =>
    Promise.all(Array.from({ length: 20 }, (_, at) => refused(server, `unknown-${at}`))),
  );
  return [50, 100].map((rank) =>
    figure(
      `/health while 20 sign in, ${rank === 100 ? "the longest" : "p50"}`,
      "ms",
      percentile(busy, rank),
      percentile(quiet, rank),
    ),
  );
}

/**
 * A name and an address each that were not tried before. The baseline is a wrong password of a user who is there.
 * @param {BenchServer} server
 * @param {ReturnType<typeof bySocket>} owner
 * @param {number} count
 */
async function timesOf(server, owner, count) {
  /** @type {{ unknown: number[], wrong: number[] }} */
  const took = { unknown: [], wrong: [] };
  for (let at = 0; at < count; at += 1) {
    await owner("POST", "/api/v1/users", { name: `user-${at}`, role: "viewer", password: PASSWORD });
    for (const [way, name] of /** @type {const} */ ([
      ["unknown", `nobody-${at}`],
      ["wrong", `user-${at}`],
    ])) {
      const began = performance.now();
      await refused(server, name);
      took[way].push(performance.now() - began);
    }
  }
  return [figure("a refused sign-in, unknown name, p50", "ms", median(took.unknown), median(took.wrong))];
}

let addresses = 0;

/**
 * @param {BenchServer} server
 * @param {string} name
 */
async function refused(server, name) {
  addresses += 1;
  const from = `198.51.${Math.floor(addresses / 250)}.${1 + (addresses % 250)}`;
  const { status } = await attempt(server, name, "not that password", { "x-forwarded-for": from });
  if (status !== 401) throw new Error(`A wrong password was answered with ${status}.`);
}

/**
 * @param {BenchServer} server
 * @param {string} name
 * @param {string} password
 * @param {Readonly<Record<string, string>>} [more] headers
 */
function attempt({ origin }, name, password, more = {}) {
  return fetch(`${origin}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", ...more },
    body: JSON.stringify({ name, password }),
  });
}

/**
 * @param {BenchServer} server
 * @param {string} name
 * @param {string} password
 * @returns {Promise<string>} the session's cookie
 */
async function signIn(server, name, password) {
  const answer = await attempt(server, name, password);
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
  if (!answer.ok || cookie === undefined) throw new Error(`Signing in was answered with ${answer.status}.`);
  return cookie;
}

/**
 * @param {BenchServer} server
 * @param {string} cookie
 */
async function changePassword({ origin }, cookie) {
  const answer = await fetch(`${origin}/api/v1/account/password`, {
    method: "PUT",
    headers: { "content-type": "application/json", cookie, origin },
    body: JSON.stringify({ current: PASSWORD, next: `${PASSWORD}!` }),
  });
  if (!answer.ok) throw new Error(`Changing the password was answered with ${answer.status}.`);
}

/**
 * As the owner of the data folder, who needs no account.
 * @param {BenchServer} server
 * @returns {(method: string, path: string, body: unknown) => Promise<any>}
 */
function bySocket({ dataDir }) {
  const socketPath = join(dataDir, "unstuck.sock");
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json" };
      const asked = request({ socketPath, method, path, headers, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => {
          if ((response.statusCode ?? 500) < 300) resolve(text === "" ? null : JSON.parse(text));
          else reject(new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 300)}`));
        });
      });
      asked.once("error", reject);
      asked.end(JSON.stringify(body));
    });
}

/**
 * @param {ReturnType<typeof bySocket>} owner
 * @param {number} count
 */
async function runManyBySocket(owner, count) {
  for (let at = 0; at < count; at += 1) {
    const id = `idle-${at}`;
    await owner("POST", "/api/v1/jobs", { id, argv: ["sleep", "3600"], cwd: "/" });
    await owner("POST", `/api/v1/jobs/${id}/start`, {});
  }
}

/**
 * @param {string} url
 * @param {Readonly<Record<string, string>>} headers
 * @param {number} connections
 * @param {number} seconds
 * @returns {Promise<number[]>} how long each answer took, in milliseconds
 */
function load(url, headers, connections, seconds) {
  /** @type {number[]} */
  const times = [];
  let refused = 0;
  return new Promise((resolve, reject) => {
    const instance = autocannon({ url, connections, duration: seconds, headers }, (error) => {
      if (error !== null && error !== undefined) return reject(error);
      if (refused > 0) return reject(new Error(`${refused} answers from ${url} were not 200.`));
      resolve(times);
    });
    instance.on("response", (_client, status, _bytes, milliseconds) => {
      times.push(milliseconds);
      if (status !== 200) refused += 1;
    });
  });
}
