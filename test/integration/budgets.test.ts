import { readdirSync, readFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { cleanUp } from "../server";
import { NO_STRACE } from "../strace";
import { type Calls, startTraced, type TracedServer } from "../traced-server";
import { until } from "../until";

/**
 * What a start, a stop and a quiet moment may cost, counted and not timed, so that a busy machine changes nothing. A change that needs
 * more has a reason, and moves the figure here with it.
 */

const RUNS = 12;
/** With these the runs are many, and each launcher is no longer read with every sweep. */
const MORE_RUNS = 48;
const IDLE_MS = 12_000;
/** A run with so many points was seen in as many passes, so no environment is read for it any more. */
const POINTS = 3;
const STATUS = "/api/v1/status";

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

    await startMore(op);
    const processes = processesNow();
    const runs = RUNS + MORE_RUNS;
    const bornBefore = bornEver();
    const idle = await traced.during(() => wait(IDLE_MS));
    const born = bornEver() - bornBefore;
    // Each launcher every 10 s; launcher and program of each run once, since they stand still; of the other processes a sixth every 5 s, and
    // new ones with their environment. Nothing for each run is written down.
    const passes = Math.ceil(IDLE_MS / 5_000);
    const launchers = Math.ceil(IDLE_MS / 10_000);
    const ofOthers = passes * (processes / 6 + 50) + 4 * born;
    expect(idle.procReads).toBeLessThanOrEqual(runs * (launchers + 2) + ofOthers);
    expect(idle.syncs).toBeLessThanOrEqual(6);
    expect(idle.forks).toBe(0);

    const full = await bytesOf(traced.server.origin, STATUS);
    const short = await bytesOf(traced.server.origin, `${STATUS}?fields=job,state,health`);
    expect(full.plain / runs).toBeLessThanOrEqual(1_500);
    expect(full.zipped / runs).toBeLessThanOrEqual(250);
    expect(short.plain / runs).toBeLessThanOrEqual(60);
    expect(short.zipped / runs).toBeLessThanOrEqual(20);
    expect([full.unchanged, short.unchanged]).toEqual([0, 0]);

    const stops: Calls[] = [];
    for (const id of jobs)
      stops.push(await traced.during(async () => void (await op.over((await op.stop(id)).id))));
    // Asked, signalled, and ended together with the last of its usage.
    expect(typical(stops).forks).toBe(0);
    expect(typical(stops).syncs).toBeLessThanOrEqual(4);
    // At most four looks at all processes: before asking, after it, when nothing of the tree was left, and when the launcher was gone; with one file of
    // each launcher and program, and two of each other process. Where others start processes meanwhile, up to three looks must agree
    // on either. Stops that come together share them.
    const mostLooks = bornEver() - bornBefore - born < 10 * RUNS ? 5 : 12;
    const others = Math.max(processes, processesNow()) - 2 * runs;
    expect(typical(stops).procReads).toBeLessThanOrEqual(mostLooks * (2 * runs + 2 * others));
  });
});

async function startMore(op: Operator): Promise<void> {
  const jobs = Array.from({ length: MORE_RUNS }, (_, index) => `more-${index}`);
  const ids: string[] = [];
  for (const id of jobs) ids.push((await op.runningJob(id, ["/bin/sleep", "600"])).id);
  await until("the last of them was measured often enough", async () => {
    const { points } = await op.call("GET", `/api/v1/runs/${ids.at(-1)}/usage`, 200);
    return points.length >= POINTS;
  });
}

/** Bytes of a body: as it is, compressed, and for a caller that has it already. */
async function bytesOf(origin: string, path: string) {
  const zipped = await ask(`${origin}${path}`, { "accept-encoding": "gzip" });
  const plain = await ask(`${origin}${path}`, { "accept-encoding": "identity" });
  // A run may just have been seen to do something.
  const unchanged = await until("an answer is confirmed", async () => {
    const { etag } = await ask(`${origin}${path}`, {});
    const again = await ask(`${origin}${path}`, { "if-none-match": etag });
    return again.status === 304 ? again : null;
  });
  return { plain: plain.bytes, zipped: zipped.bytes, unchanged: unchanged.bytes };
}

async function ask(url: string, headers: Record<string, string>) {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).once("error", reject);
  });
  let bytes = 0;
  for await (const chunk of incoming) bytes += chunk.length;
  return { bytes, status: incoming.statusCode, etag: incoming.headers.etag ?? "" };
}

/** How many processes and threads the whole machine has started since it booted. */
function bornEver(): number {
  return Number(/^processes (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
}

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
