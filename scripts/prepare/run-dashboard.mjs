import { join } from "node:path";
import { servicePid } from "../../bootstrap/parent.mjs";

/**
 * Becomes the dashboard: settings, what has to be ready, then the server in this very process. A signal sent to it reaches the
 * supervisor, with no shell or npm in between.
 */

const SIGNALS = /** @type {const} */ (["SIGTERM", "SIGINT", "SIGHUP"]);

const quiet = process.env.UNSTUCK_QUIET === "1";

/**
 * @param {string} root
 * @param {{ dev: boolean, ready: () => Promise<void> }} options `ready` builds or checks; what it throws is printed, and the process ends with 1
 */
export async function runDashboard(root, { dev, ready }) {
  process.chdir(root);
  // The kernel keeps default signals from pid 1. Until there is something to end in order, it simply goes.
  if (process.pid === 1) for (const signal of SIGNALS) process.on(signal, leaveAtOnce);
  const { loadDotEnv } = await import("./dot-env.mjs");
  const environment = loadDotEnv(join(root, ".env"));
  const { readListenConfig } = await import("../../server/listen-config.mjs");
  const listen = readListenConfig(process.env, root);
  if (!listen.ok) return fail(`${listen.problems.join(".\n")}.`);
  const { preflight, listenProblem } = await import("./preflight.mjs");
  const problem = await preflight(listen.config);
  if (problem !== null) return fail(problem);
  try {
    await ready();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  Object.assign(process.env, { NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" });
  const { serve } = await import("../../server/serve.mjs");
  try {
    const server = await serve(listen.config, { root, dev, environment, servicePid: servicePid() });
    endOnSignal(server);
    announce(server, listen.config);
  } catch (error) {
    fail(listenProblem(error, listen.config.host, listen.config.port));
  }
}

/**
 * Progress for a person; UNSTUCK_QUIET=1 leaves it out.
 * @param {string} text
 */
export function say(text) {
  if (!quiet) console.log(text);
}

function leaveAtOnce() {
  process.exit(143);
}

/**
 * The first signal ends the dashboard in order. Where that stops the runs, the second kills them at once. The last one leaves at
 * once: the next start finds whatever still runs.
 * @param {import("../../server/serve.mjs").Served} server
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
        say("Killing what has not ended yet. Once more: leave it, the next start continues.");
        return server.hurry();
      }
      say(
        stopping
          ? "Stopping the runs, then the dashboard. Once more: kill them immediately."
          : "Stopping the dashboard. Runs keep running; the next start finds them again.",
      );
      server.close(signal).then(
        () => process.exit(0),
        (/** @type {unknown} */ error) => fail(String(error)),
      );
    });
  }
}

/**
 * @param {import("../../server/serve.mjs").Served} server
 * @param {import("../../server/listen-config.mjs").ListenConfig} config
 */
function announce({ origin, firstSteps: told }, { dataDir, beyondLoopback }) {
  const firstSteps = told();
  const next =
    firstSteps === null ? 'Next: open it and press "Run the demo scraper", or add your first job.\n' : "";
  const where = quiet ? [] : [`\n  Unstuck is running at ${origin}\n  Data: ${dataDir}\n  ${next}`];
  // Not left out for quiet: without it no one gets in.
  const all = [...where, ...(firstSteps === null ? [] : [firstSteps])];
  if (all.length > 0) console.log(all.join("\n"));
  if (beyondLoopback)
    say(
      "  Warning: it can be reached from other machines by plain HTTP. Put a proxy with TLS in front (docs/deploy.md).\n",
    );
}

/** @param {string} sentence */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
