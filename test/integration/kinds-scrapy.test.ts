import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { goodSkus, leaveNothingBehind, readSkus, startShop } from "../../examples/shop/test-process";
import { type Operator, operator } from "../operator";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

/** Real Scrapy against the demonstration shop, as an operator runs it. */

const SPIDER = join(import.meta.dirname, "../../examples/shop/scrapers/scrapy/shop_spider.py");
const PRODUCTS = 100;
const FAST = { SHOP_DELAY_MS: "0", SHOP_CONCURRENCY: "16" };
// Slow enough that a busy machine still stops it long before its end.
const SLOW = { SHOP_DELAY_MS: "400", SHOP_CONCURRENCY: "4" };

const python = ["/usr/bin/python3", "python3", "/usr/local/bin/python3"].find(
  (candidate) => spawnSync(candidate, ["-c", "import scrapy"]).status === 0,
);
/** A hang guard: real programs one after the other, on a machine that does other things as well. */
const GUARD_MS = 400_000;
vi.setConfig({ testTimeout: GUARD_MS });
const why = python === undefined ? " [skipped: Scrapy not found: apt-get install python3-scrapy]" : "";

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

const argv = (...more: string[]) => [python ?? "python3", "-m", "scrapy", "runspider", SPIDER, ...more];
const env = (pace: Record<string, string>, url = shop) => ({
  SHOP_URL: url,
  PYTHONDONTWRITEBYTECODE: "1",
  ...pace,
});
const jobdirOf = (run: Answer): string => run.checkpoint.path;
const signals = async (id: string) =>
  (await op.events(id))
    .filter(({ type }: Answer) => type === "signal_sent")
    .map(({ data }: Answer) => data.signal);

async function inTheMiddle(job: string, more: Record<string, unknown> = {}): Promise<Answer> {
  const run = await op.runningJob(job, argv(), { kind: "scrapy", env: env(SLOW), ...more });
  await until("it has saved some items", async () => {
    if (readSkus(jobdirOf(run)).length >= 3) return true;
    const { state, reason } = await op.run(run.id);
    if (state !== "running") throw new Error(`It is ${state} before it has: ${reason}`);
    return false;
  });
  return run;
}

/** From its next run on the job crawls as fast as it can. */
async function speedUp(job: string): Promise<void> {
  const { version } = await op.call("GET", `/api/v1/jobs/${job}`, 200);
  await op.call("PATCH", `/api/v1/jobs/${job}`, 200, { version, env: env(FAST) });
}

test.skipIf(python === undefined)(
  `E2 a Scrapy run that is stopped in the middle goes on where it was, until everything is there once${why}`,
  async () => {
    const first = await inTheMiddle("stopped");
    expect(jobdirOf(first)).toBe(join(server.dataDir, "stopped/lineages", first.id, "jobdir"));
    expect(first.argv).toContain(`JOBDIR=${jobdirOf(first)}`);
    // Again and again, as people do: a second SIGINT would make Scrapy drop its queue.
    await Promise.all([1, 2, 3].map(() => op.stop("stopped")));
    for (let again = 0; again < 3; again += 1) await server.api("POST", "/api/v1/jobs/stopped/stop");
    const stopped = await op.over(first.id);
    expect(stopped).toMatchObject({ state: "stopped", exitCode: 0, verdict: "resumable" });
    expect(await signals(first.id)).toEqual(["SIGINT"]);
    expect(await op.log(first.id)).not.toContain("twice");
    expect(stopped.progress.extracted).toBe(readSkus(jobdirOf(first)).length);
    expect(JSON.stringify(stopped.evidence)).toMatch(/[1-9]\d* requests? queued, \d+ pages seen/);
    expect(await op.call("GET", "/api/v1/jobs/stopped/precheck", 200)).toMatchObject({ precheck: "resume" });

    await speedUp("stopped");
    const { id } = await op.start("stopped");
    const resumed = await op.over(id);
    expect(resumed).toMatchObject({
      state: "completed",
      parentRunId: first.id,
      lineageId: first.id,
      verdict: "complete",
    });
    expect(resumed.reason).toContain("finish_reason=finished");
    expect(await op.log(id)).toContain("Resuming crawl");
    expect(jobdirOf(resumed)).toBe(jobdirOf(first));
    expect(readSkus(jobdirOf(first))).toEqual(goodSkus(PRODUCTS));
    expect(stopped.progress.extracted + resumed.progress.extracted).toBe(goodSkus(PRODUCTS).length);
  },
);

test.skipIf(python === undefined)(
  `E1 a Scrapy run that was killed has lost its queue: it is not called resumable, and the next one begins anew${why}`,
  async () => {
    const first = await inTheMiddle("killed");
    process.kill(first.pid, "SIGKILL");
    const killed = await op.over(first.id);
    expect(killed).toMatchObject({ state: "interrupted", cause: "killed_outside", verdict: "unknown" });
    expect(JSON.stringify(killed.evidence)).toContain("never closed");
    expect(await op.call("GET", "/api/v1/jobs/killed/precheck", 200)).toMatchObject({ precheck: "start" });
    await speedUp("killed");
    const next = await op.over((await op.start("killed")).id);
    expect(next).toMatchObject({ state: "completed", parentRunId: null, lineageId: next.id });
    expect(readSkus(jobdirOf(next))).toEqual(goodSkus(PRODUCTS));
    // What the killed one had is still there.
    expect(readSkus(jobdirOf(first)).length).toBeGreaterThanOrEqual(3);
  },
);

test.skipIf(python === undefined)(
  `a Scrapy run that was shut down or forced from outside is interrupted, although it exits with 0${why}`,
  async () => {
    const gentle = await inTheMiddle("gentle");
    process.kill(gentle.pid, "SIGINT");
    const shutDown = await op.over(gentle.id);
    expect(shutDown).toMatchObject({ state: "interrupted", exitCode: 0, verdict: "resumable" });
    expect(shutDown.reason).toContain("finish_reason=shutdown");

    const forced = await inTheMiddle("forced");
    process.kill(forced.pid, "SIGINT");
    await until("Scrapy has heard the first", async () =>
      String(await op.log(forced.id)).includes("shutting down gracefully"),
    );
    try {
      process.kill(forced.pid, "SIGINT");
    } catch {
      // It was quick to end in order: then there is nothing to force.
    }
    // Where the second finds Scrapy all but gone, Python itself dies of it.
    const over = await op.over(forced.id);
    const closed = String(await op.log(forced.id)).includes("Spider closed");
    expect(over).toMatchObject({ state: "interrupted", verdict: closed ? "resumable" : "unknown" });
  },
);

test.skipIf(python === undefined)(
  `a Scrapy run that exits with 0 and has not finished is not called completed${why}`,
  async () => {
    const away = env({ ...FAST, SHOP_PATIENCE_MS: "0" }, "http://127.0.0.1:9");
    const own = join(op.cwd, "own-jobdir");
    await op.makeJob("away", argv("-s", `JOBDIR=${own}`), { kind: "scrapy", env: away });
    const gaveUp = await op.over((await op.start("away")).id);
    expect(gaveUp).toMatchObject({ state: "failed", exitCode: 0, checkpoint: { path: own } });
    expect(gaveUp.reason).toContain("finish_reason=shop_unreachable");

    // Scrapy itself calls this one finished.
    const spider = join(op.cwd, "plain_spider.py");
    writeFileSync(
      spider,
      "import scrapy\nclass Plain(scrapy.Spider):\n    name = 'plain'\n    start_urls = ['http://127.0.0.1:9/']\n    custom_settings = {'RETRY_ENABLED': False, 'ROBOTSTXT_OBEY': False, 'TELNETCONSOLE_ENABLED': False}\n",
    );
    await op.makeJob("plain", [python ?? "", "-m", "scrapy", "runspider", spider], { kind: "scrapy" });
    const nothing = await op.over((await op.start("plain")).id);
    expect(nothing).toMatchObject({ state: "failed", exitCode: 0 });
    expect(nothing.reason).toContain("None of its requests got an answer");
    expect(readFileSync(join(jobdirOf(nothing), "requests.queue/active.json"), "utf8")).toMatch(
      /^(\[\]|\{\})$/,
    );
  },
);
