import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unstuck } from "../cli";
import { oneServer } from "../one-server";
import { operator } from "../operator";
import { type Answer, startServer } from "../server";
import { canMount } from "../small-disk";
import { until } from "../until";

const its = oneServer();

/** Counts pages in a file below the folder it works in, and says nothing. Written whole or not at all. */
const COUNTS_PAGES = `
  page=$(sed -n 's/.*"page":\\([0-9]*\\).*/\\1/p' state.json 2>/dev/null)
  while :; do
    page=$((\${page:-0} + 1))
    printf '{"page":%s,"told":"%s"}' "$page" "$UNSTUCK_CHECKPOINT" >state.tmp && mv state.tmp state.json
    sleep 0.1
  done`;

type Releases = { readonly root: string; readonly current: string; flip(to: string): void };

/** As a deployment makes them: folders that stay, and a link to one of them that is replaced in one step. */
function releases(name: string): Releases {
  const root = join(its.op.cwd, name);
  const current = join(root, "current");
  for (const release of ["1", "2"]) mkdirSync(join(root, "releases", release), { recursive: true });
  const flip = (to: string) => {
    symlinkSync(`releases/${to}`, `${current}.new`);
    renameSync(`${current}.new`, current);
  };
  flip("1");
  return { root, current, flip };
}

const stateIn = (root: string, release: string) =>
  JSON.parse(readFileSync(join(root, "releases", release, "state.json"), "utf8"));

test("FR-F17 a run is watched where it works although its link leads elsewhere by now, and is resumed there when it is asked to", async () => {
  const { server, op } = its;
  const { root, current, flip } = releases("shop");
  const [first, second] = [join(root, "releases/1"), join(root, "releases/2")];
  const silenceMs = 4_000;
  await op.makeJob("shop", ["sh", "-c", COUNTS_PAGES], {
    cwd: current,
    checkpoint: "state.json",
    pidFile: "shop.pid",
    timeouts: { silenceMs },
  });
  const run = await op.running((await op.start("shop")).id);
  expect(run).toMatchObject({ cwd: current, realCwd: first });
  await until("its first page is written", () => existsSync(join(first, "state.json")));
  expect(stateIn(root, "1").told).toBe(join(first, "state.json"));
  flip("2");
  const flipped = Date.now();
  // It would have been ended for silence, were it looked for behind the link.
  const later = await op.runThat(run.id, "is seen to live after its link has changed", ({ lastLifeAt }) => {
    return lastLifeAt !== null && Date.parse(lastLifeAt) > flipped + silenceMs + 1_000;
  });
  expect(later).toMatchObject({ state: "running", health: "healthy" });
  expect(readFileSync(join(second, "shop.pid"), "utf8").trim(), "others look for it behind the link").toBe(
    String(run.pid),
  );

  process.kill(run.pid, "SIGKILL");
  const ended = await op.over(run.id);
  const pages = stateIn(root, "1").page;
  expect(pages).toBeGreaterThan(20);
  expect([existsSync(join(first, "shop.pid")), existsSync(join(second, "shop.pid"))]).toEqual([false, false]);
  expect(ended).toMatchObject({ state: "interrupted", verdict: "unknown", oldFolder: first });
  const evidence = Object.fromEntries(ended.evidence.map(({ fact, value }: Answer) => [fact, value]));
  expect(evidence.checkpoint).toBe(`not there: ${current}/state.json (the job's folder is ${second} now)`);
  expect(evidence["checkpoint in the old folder"]).toContain(
    `${first}/state.json: JSON with 2 keys: page=${pages}`,
  );
  const check = await op.call("GET", "/api/v1/jobs/shop/precheck", 200);
  expect(check).toMatchObject({ precheck: "start", run: { oldFolder: first } });
  const { items } = await op.call("GET", "/api/v1/stuck?job=shop", 200);
  expect(items).toMatchObject([
    { category: "unknown", can: ["start", "resume", "clean"], run: { oldFolder: first } },
  ]);

  // A clean-up of what is dead leaves it alone.
  const old = { jobs: ["shop"], ageHours: 0, allowShort: true, dryRun: true };
  const plan = await op.call("POST", "/api/v1/cleanup/plans", 200, old);
  expect(plan.items.map(({ action }: Answer) => action)).toEqual(["keep"]);

  const refused = await server.api("POST", "/api/v1/jobs/shop/start", { mode: "resume" });
  expect(refused).toMatchObject({ status: 409, body: { code: "NOTHING_TO_RESUME" } });
  expect(refused.body.detail).toContain(first);
  expect(await server.api("POST", "/api/v1/jobs/shop/start", { folder: "old" })).toMatchObject({
    status: 400,
    body: { code: "INVALID_INPUT" },
  });

  const cli = unstuck(server, ["resume", "shop", "--old-folder", "--json"], { cwd: op.cwd });
  expect(await cli.ended, cli.output()).toMatchObject({ code: 0 });
  const resumed = await op.running(JSON.parse(cli.out()).run.id);
  expect(resumed).toMatchObject({ parentRunId: run.id, cwd: current, realCwd: first });
  await until("it goes on from where the first one was", () => stateIn(root, "1").page > pages);
  expect(existsSync(join(second, "state.json"))).toBe(false);
  await op.stop("shop");
  // Its successor is judged by the job's folder again.
  expect(await op.over(resumed.id)).toMatchObject({ state: "stopped", verdict: "unknown", oldFolder: first });

  const anew = await op.running((await op.start("shop")).id);
  expect(anew).toMatchObject({ parentRunId: null, realCwd: second });
  await until("it works in the new folder", () => existsSync(join(second, "state.json")));
  await op.stop("shop");
  const over = await op.over(anew.id);
  expect(over).toMatchObject({
    verdict: "resumable",
    oldFolder: null,
    resumeFrom: expect.stringContaining("page"),
  });
});

test("FR-F17 a dashboard that is killed meanwhile watches its runs where they work, too", async () => {
  const { current, flip, root } = releases("killed");
  await its.op.makeJob("killed", ["sh", "-c", COUNTS_PAGES], { cwd: current, checkpoint: "state.json" });
  const run = await its.op.running((await its.op.start("killed")).id);
  await until("its first page is written", () => existsSync(join(root, "releases/1/state.json")));
  flip("2");
  const { dataDir } = its.server;
  await its.server.kill();
  its.server = await startServer({ dataDir });
  its.op = operator(its.server);
  const back = Date.now();
  const seen = await its.op.runThat(run.id, "is seen to live by the next dashboard", ({ lastLifeAt }) => {
    return lastLifeAt !== null && Date.parse(lastLifeAt) > back;
  });
  expect(seen).toMatchObject({ state: "running", realCwd: join(root, "releases/1") });
});

test.skipIf(!canMount)(
  `FR-A7 a job whose checkpoint is a mount point starts over: what was in it is kept below it${canMount ? "" : " (skipped: mounting is not allowed here)"}`,
  async () => {
    const { op } = its;
    const state = join(op.cwd, "state");
    mkdirSync(state);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "unstuck-test", state]);
    onTestFinished(() => void execFileSync("umount", ["--lazy", state]));
    writeFileSync(join(state, "page"), "18");
    const says = [
      "sh",
      "-c",
      'cat "$UNSTUCK_CHECKPOINT/page" 2>/dev/null || echo from the beginning; sleep 600',
    ];
    await op.makeJob("mounted", says, { checkpoint: "state" });
    const run = await op.running((await op.start("mounted", { mode: "fresh" })).id);
    await until("it has said where it begins", async () => String(await op.log(run.id)).includes("\n"));
    expect(await op.log(run.id)).toBe("from the beginning\n");
    expect(readdirSync(state)).toEqual([`.before-${run.id}`]);
    expect(readFileSync(join(state, `.before-${run.id}`, "page"), "utf8")).toBe("18");
  },
);
