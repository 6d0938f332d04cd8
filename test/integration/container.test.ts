import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rowOf } from "../doctored";
import { AS_CONTAINER, initOf, NO_NAMESPACES } from "../namespaces";
import { operator } from "../operator";
import { isRunning, kill, processesOfRun, stateOf } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { cleanUp, startServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);

const CONTAINER = { through: AS_CONTAINER };
const DEFAULT_POLICY = { UNSTUCK_ON_SHUTDOWN: "" };

test.skipIf(NO_NAMESPACES)(
  "B8 as pid 1 it stops its runs without being told to, and exits with 0",
  async () => {
    const server = await startServer({ ...CONTAINER, env: DEFAULT_POLICY });
    const op = operator(server);
    expect((await server.api("GET", "/health")).body).toMatchObject({ onShutdown: "stop" });
    expect(server.output()).toContain("it is pid 1");
    const run = await op.runningJob("in-there", program("forever"));
    await op.makeJob("deaf", program("ignores-term"), { timeouts: { stopGraceMs: 500 } });
    const deaf = await op.startReady("deaf");
    kill(await initOf(server.pid), "SIGTERM");
    expect(await server.gone).toBe(0);
    expect(rowOf(server.dataDir, run.id)).toMatchObject({
      state: "interrupted",
      cause: "shutdown",
      signal: "SIGTERM",
    });
    expect(rowOf(server.dataDir, deaf.id)).toMatchObject({
      state: "interrupted",
      cause: "shutdown",
      signal: "SIGKILL",
    });
  },
);

test.skipIf(NO_NAMESPACES)(
  "B3 a container that was killed takes its runs along; what is on record of their ends is believed",
  async () => {
    const first = await startServer(CONTAINER);
    const before = operator(first);
    const fifo = makeFifo(join(before.cwd, "three"));
    const killed = await before.runningJob("killed-with-it", program("forever"));
    const ended = await before.runningJob("ended-before", program("exits-when-told", fifo));
    await before.makeJob("stopping", program("ignores-term"), { timeouts: { stopGraceMs: 3_600_000 } });
    const stopping = await before.startReady("stopping");
    await before.stop("stopping");
    const init = await initOf(first.pid);
    kill(init, "SIGSTOP");
    await until("the dashboard stands still", () => stateOf(init) === "T");
    await tell(fifo, 3);
    await until("its end is on disk", () => existsSync(join(first.dataDir, "exits", ended.id)));
    await first.kill();
    await until("all is gone", () => !isRunning(init) && processesOfRun(killed.id).length === 0);
    const next = await startServer({ ...CONTAINER, dataDir: first.dataDir });
    const after = operator(next);
    expect(await after.over(killed.id)).toMatchObject({
      state: "interrupted",
      cause: "container_gone",
      exitCode: null,
    });
    expect(await after.over(ended.id)).toMatchObject({ state: "failed", cause: "exit", exitCode: 3 });
    expect(await after.over(stopping.id)).toMatchObject({ state: "interrupted", cause: "stop" });
    // The numbers are given out anew in there: whoever has them now is somebody else.
    const again = await after.running((await after.start("killed-with-it")).id);
    expect(again.state).toBe("running");
    await next.kill();
  },
);
