import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";
import { servicePid } from "../bootstrap/parent.mjs";

/**
 * `npm start`: from a bare machine with Node to a running dashboard, and within seconds when nothing has changed. Under a supported Node this very
 * process becomes the server: a signal sent to it reaches the supervisor, with no shell or npm in between. Under another one it passes them on.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dev = process.argv.includes("--dev");
const quiet = process.env.UNSTUCK_QUIET === "1";

const SIGNALS = /** @type {const} */ (["SIGTERM", "SIGINT", "SIGHUP"]);

await ensureNode({ ownGroup: true });
await main();

async function main() {
  process.chdir(root);
  // The kernel keeps default signals from pid 1. Until there is something to end in order, it simply goes.
  if (process.pid === 1) for (const signal of SIGNALS) process.on(signal, leaveAtOnce);
  const { loadDotEnv } = await import("./prepare/dot-env.mjs");
  const environment = loadDotEnv(join(root, ".env"));
  const { readListenConfig } = await import("../server/listen-config.mjs");
  const listen = readListenConfig(process.env, root);
  if (!listen.ok) return fail(`${listen.problems.join(".\n")}.`);
  const { preflight, listenProblem } = await import("./prepare/preflight.mjs");
  const problem = await preflight(listen.config);
  if (problem !== null) return fail(problem);
  try {
    await prepare();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  Object.assign(process.env, { NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" });
  const { serve } = await import("../server/serve.mjs");
  try {
    const server = await serve(listen.config, { root, dev, environment, servicePid: servicePid() });
    endOnSignal(server);
    announce(server.origin, listen.config);
  } catch (error) {
    fail(listenProblem(error, listen.config.host, listen.config.port));
  }
}

async function prepare() {
  const { installPackages } = await import("./prepare/install.mjs");
  await installPackages(root, { dev, say });
  const { buildApp, generateClient } = await import("./prepare/build.mjs");
  await generateClient(root, say);
  if (dev) return;
  const distDir = process.env.UNSTUCK_DIST_DIR ?? ".next";
  await buildApp(root, say, { distDir, testBuild: process.env.UNSTUCK_TEST_BUILD === "1" });
}

function leaveAtOnce() {
  process.exit(143);
}

/**
 * The first signal ends the dashboard in order. Where that stops the runs, the second kills them at once. The last one means
 * it: whatever still runs, the next start finds it.
 * @param {import("../server/serve.mjs").Served} server
 */
function endOnSignal(server) {
  let heard = 0;
  for (const signal of SIGNALS) {
    process.off(signal, leaveAtOnce);
    process.on(signal, () => {
      heard += 1;
      const stopping = server.endsRuns();
      if (heard > (stopping ? 2 : 1)) process.exit(signal === "SIGINT" ? 130 : 143);
      if (heard === 2) {
        say("Killing what has not ended yet. Once more: leave it, the next start goes on.");
        return server.hurry();
      }
      say(
        stopping
          ? "Stopping the runs, then the dashboard. Once more: kill them at once."
          : "Stopping the dashboard. Runs go on; the next start finds them again.",
      );
      server.close(signal).then(
        () => process.exit(0),
        (/** @type {unknown} */ error) => fail(String(error)),
      );
    });
  }
}

/**
 * @param {string} origin
 * @param {import("../server/listen-config.mjs").ListenConfig} config
 */
function announce(origin, { dataDir, beyondLoopback }) {
  say(
    `\n  Unstuck is running at ${origin}\n  Data: ${dataDir}\n  Next: open it and press "Run the demo scraper", or add your first job.\n`,
  );
  if (beyondLoopback) say("  Warning: it can be reached from other machines and has no accounts yet.\n");
}

/** @param {string} text */
function say(text) {
  if (!quiet) console.log(text);
}

/** @param {string} sentence */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
