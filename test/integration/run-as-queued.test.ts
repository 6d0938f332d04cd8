import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { operator } from "../operator";
import { AS_OTHER_USER, handOver, NO_OTHER_USER } from "../other-user";
import { cleanUp, newDataDir, startServer } from "../server";

describe.skipIf(NO_OTHER_USER)("a run that was queued by a dashboard of an ordinary user", () => {
  afterAll(cleanUp);

  test("does not get all rights when the next dashboard runs as root", async () => {
    const dataDir = newDataDir();
    handOver(dataDir);
    const first = await startServer({ dataDir, through: AS_OTHER_USER });
    const op = operator(first);
    chmodSync(op.cwd, 0o777);
    await op.makeJob("holds", ["sh", "-c", "echo ready; sleep 600"], { locks: ["one"] });
    await op.makeJob("waits", ["touch", "as-root"], { locks: ["one"] });
    await op.startReady("holds");
    const { id } = await op.start("waits");
    await first.kill();
    const second = await startServer({ dataDir, env: { UNSTUCK_RUN_AS: "" } });
    const ops = operator(second);
    expect(await ops.run(id)).toMatchObject({ state: "queued", runAs: null });
    await ops.stop("holds");
    const run = await ops.over(id);
    expect(run).toMatchObject({ state: "failed", cause: "launch_failed" });
    expect(run.reason).toContain('Job "waits" does not say which user it runs as');
    expect(existsSync(join(op.cwd, "as-root"))).toBe(false);
    await ops.endAll();
  });
});
