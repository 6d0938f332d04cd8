import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { cleanUp } from "../server";
import { type Calls, startTraced, type TracedServer } from "../traced-server";

/**
 * What a start, a stop and a quiet moment may cost, counted and not timed, so that a busy machine changes nothing. A change that needs
 * more has a reason, and moves the figure here with it.
 */

const NO_STRACE =
  spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0
    ? ""
    : " (skipped: strace is missing, or may not trace here)";
const RUNS = 12;
const IDLE_MS = 12_000;

describe.skipIf(NO_STRACE !== "")(`what it asks of the system${NO_STRACE}`, () => {
  let traced: TracedServer;
  let op: Operator;
  beforeAll(async () => {
    traced = await startTraced();
    op = operator(traced.server);
  });
  afterAll(async () => {
    await op.endAll();
    await traced.end();
    await cleanUp();
  });

  test("a start, a stop, and runs that only live keep within what is recorded here", async () => {
    const jobs = Array.from({ length: RUNS }, (_, index) => `job-${index}`);
    for (const id of jobs) await op.makeJob(id, ["/bin/sleep", "600"]);
    const starts: Calls[] = [];
    for (const id of jobs)
      starts.push(await traced.during(async () => void (await op.running((await op.start(id)).id))));
    // Queued, claimed and running are committed, and the order to the launcher is on disk before there is one. The helper forks.
    expect(typical(starts)).toMatchObject({ syncs: 4, forks: 0 });
    expect(typical(starts).procReads).toBeLessThanOrEqual(10);

    const processes = processesNow();
    const idle = await traced.during(() => wait(IDLE_MS));
    // A sample of every process each 5 s, and each launcher at each sweep; nothing for each run is written down.
    const samples = Math.ceil(IDLE_MS / 5_000) + 1;
    const sweeps = Math.ceil(IDLE_MS / 2_000) + 1;
    expect(idle.procReads).toBeLessThanOrEqual(samples * (processes + 50) + sweeps * RUNS);
    expect(idle.syncs).toBeLessThanOrEqual(6);
    expect(idle.forks).toBe(0);

    const stops: Calls[] = [];
    for (const id of jobs)
      stops.push(await traced.during(async () => void (await op.over((await op.stop(id)).id))));
    // Asked, signalled, and ended together with the last of its usage.
    expect(typical(stops)).toMatchObject({ syncs: 3, forks: 0 });
    // At most five looks at all processes, with two files of each: before asking, after it, and until nothing of the tree was left. Where nothing
    // was started meanwhile three are enough. Stops that come together share them.
    expect(typical(stops).procReads / Math.max(processes, processesNow())).toBeLessThanOrEqual(12);
  });
});

function processesNow(): number {
  return readdirSync("/proc").filter((name) => /^\d/.test(name)).length;
}

/**
 * The lower quartile of each count: what is done every few seconds whatever is asked falls into some of them, and on a busy machine this test asks
 * more often whether they are done.
 */
function typical(all: readonly Calls[]): Calls {
  const quartile = (pick: (calls: Calls) => number) =>
    all.map(pick).sort((a, b) => a - b)[Math.floor(all.length / 4)] ?? Number.NaN;
  return {
    syncs: quartile(({ syncs }) => syncs),
    forks: quartile(({ forks }) => forks),
    procReads: quartile(({ procReads }) => procReads),
  };
}
