import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rowOf } from "../doctored";
import { AS_CONTAINER, childrenOf, initOf, NO_NAMESPACES } from "../namespaces";
import { operator } from "../operator";
import { otherNode } from "../other-node";
import { isRunning, kill } from "../processes";
import { program } from "../programs";
import { cleanUp, startServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);
/** The dashboard as the child of the Node that was called, as on a machine with one that is too old. */
const other = otherNode();
/** What systemd puts into the environment of the process it starts. */
const BY_SYSTEMD = ["sh", "-c", 'SYSTEMD_EXEC_PID=$$ exec "$@"', "sh"];

test("B2 under another Node the dashboard goes with the process that was started, runs go on, and know nothing of it", async () => {
  const env = { UNSTUCK_NODE: other.path };
  const first = await startServer({ env, through: BY_SYSTEMD });
  const [child = 0] = childrenOf(first.pid);
  expect(first.output(), "systemd's pid is the parent's").toContain("boot.kill_mode");
  const before = operator(first);
  const run = await before.runningJob("survivor", program("forever"));
  const environment = readFileSync(`/proc/${run.pid}/environ`, "utf8");
  expect(environment).not.toMatch(/UNSTUCK_(BOOTSTRAP|NODE)/);
  expect(environment).not.toContain(dirname(other.path));
  await first.kill();
  await until("the dashboard has gone with it", () => !isRunning(child));
  expect(isRunning(run.pid)).toBe(true);
  const next = await startServer({ env, dataDir: first.dataDir });
  const after = operator(next);
  expect(await after.run(run.id)).toMatchObject({ state: "running", pid: run.pid });
  await after.stop("survivor");
  await after.over(run.id);
  expect(await next.stop()).toBe(0);
});

test.skipIf(NO_NAMESPACES)(
  "B8 under another Node it is the process that was started that counts as pid 1",
  async () => {
    const env = { UNSTUCK_NODE: other.path, UNSTUCK_ON_SHUTDOWN: "" };
    const server = await startServer({ env, through: AS_CONTAINER });
    expect(server.output()).toContain("it is pid 1");
    const run = await operator(server).runningJob("in-there", program("forever"));
    kill(await initOf(server.pid), "SIGTERM");
    expect(await server.gone).toBe(0);
    expect(rowOf(server.dataDir, run.id)).toMatchObject({ state: "interrupted", cause: "shutdown" });
  },
);
