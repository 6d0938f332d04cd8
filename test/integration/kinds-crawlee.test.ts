import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { goodSkus, leaveNothingBehind, readSkus, startShop } from "../../examples/shop/test-process";
import { type Operator, operator } from "../operator";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

/** Real Crawlee against the demonstration shop, as an operator runs it. */

/** A hang guard: four programs one after the other, on a machine that does other things as well. */
const GUARD_MS = 400_000;

const ROOT = join(import.meta.dirname, "../..");
const MAIN = join(ROOT, "examples/shop/scrapers/crawlee/main.mjs");
const PRODUCTS = 60;
const FAST = { SHOP_DELAY_MS: "0", SHOP_CONCURRENCY: "8" };
// Slow enough that a busy machine still stops it long before its end.
const SLOW = { SHOP_DELAY_MS: "250", SHOP_CONCURRENCY: "2" };

let server: TestServer;
let op: Operator;
let shop: string;

beforeAll(async () => {
  [server, { url: shop }] = await Promise.all([startServer(), startShop({ products: PRODUCTS })]);
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(async () => {
  await cleanUp();
  await leaveNothingBehind();
});

const env = (pace: Record<string, string>) => ({ SHOP_URL: shop, ...pace });
const storageOf = (run: Answer): string => run.checkpoint.path;

/** A program that leaves two requests in the queue and ends. */
const LEAVES_WORK = `
  const { RequestQueueV1 } = await import("@crawlee/cheerio");
  const queue = await RequestQueueV1.open();
  await queue.addRequest({ url: "http://127.0.0.1:9/a" });
  await queue.addRequest({ url: "http://127.0.0.1:9/b" });
`;

/** From its next run on the job crawls as fast as it can. */
async function speedUp(job: string): Promise<void> {
  const { version } = await op.call("GET", `/api/v1/jobs/${job}`, 200);
  await op.call("PATCH", `/api/v1/jobs/${job}`, 200, { version, env: env(FAST) });
}

async function savedMore(run: Answer, before: number): Promise<void> {
  await until("it has saved more items", async () => {
    if (readSkus(storageOf(run)).length > before + 1) return true;
    const { state, reason } = await op.run(run.id);
    if (state !== "running") throw new Error(`It is ${state} before it has: ${reason}`);
    return false;
  });
}

test(
  "E2 a Crawlee run that is stopped, then paused from outside, goes on each time until everything is there once",
  async () => {
    const first = await op.runningJob("shop", [process.execPath, MAIN], { kind: "crawlee", env: env(SLOW) });
    expect(storageOf(first)).toBe(join(server.dataDir, "shop/lineages", first.id, "storage"));
    await savedMore(first, 0);
    // Again and again, as people do: a second SIGINT would end Crawlee before it has saved.
    await Promise.all([1, 2, 3].map(() => op.stop("shop")));
    for (let again = 0; again < 3; again += 1) await server.api("POST", "/api/v1/jobs/shop/stop");
    const stopped = await op.over(first.id);
    expect(stopped).toMatchObject({ state: "stopped", exitCode: 0, verdict: "resumable" });
    const signals = (await op.events(first.id)).filter(({ type }: Answer) => type === "signal_sent");
    expect(signals.map(({ data }: Answer) => data.signal)).toEqual(["SIGINT"]);
    expect(stopped.progress.extracted).toBe(readSkus(storageOf(first)).length);
    expect(JSON.stringify(stopped.evidence)).toMatch(/requests: [1-9]\d* pending, [1-9]\d* handled/);
    expect(await op.call("GET", "/api/v1/jobs/shop/precheck", 200)).toMatchObject({ precheck: "resume" });

    const second = await op.running((await op.start("shop")).id);
    await savedMore(second, stopped.progress.extracted);
    process.kill(second.pid, "SIGINT");
    const paused = await op.over(second.id);
    expect(paused).toMatchObject({
      state: "interrupted",
      exitCode: 0,
      parentRunId: first.id,
      verdict: "resumable",
    });
    expect(paused.reason).toContain("paused by a signal");

    await speedUp("shop");
    const last = await op.over((await op.start("shop")).id);
    expect(last).toMatchObject({ state: "completed", lineageId: first.id, verdict: "complete" });
    expect(last.reason).toMatch(/requests: 0 pending, \d+ handled/);
    expect(storageOf(last)).toBe(storageOf(first));
    expect(readSkus(storageOf(first))).toEqual(goodSkus(PRODUCTS));
    expect(last.progress.extracted).toBe(goodSkus(PRODUCTS).length);
  },
  GUARD_MS,
);

test("a Crawlee run that exits with 0 and leaves requests is not called completed, wherever its storage is", async () => {
  const node = (code: string) => [process.execPath, "--input-type=module", "-e", code];
  const own = join(op.cwd, "own-storage");
  await op.makeJob("leaves", node(LEAVES_WORK), {
    kind: "crawlee",
    cwd: ROOT,
    env: { CRAWLEE_STORAGE_DIR: own },
  });
  const run = await op.over((await op.start("leaves")).id);
  expect(run).toMatchObject({
    state: "failed",
    exitCode: 0,
    verdict: "resumable",
    checkpoint: { path: own },
  });
  expect(run.reason).toContain("2 pending");
});
