import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { FolderView } from "@/lib/contracts/folder";
import { unstuck } from "../cli";
import { inDatabase } from "../doctored";
import { type Operator, operator } from "../operator";
import { isRunning, processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import {
  type Answer,
  cleanUp,
  newDataDir,
  type ServerOptions,
  startServer,
  type TestServer,
} from "../server";
import { until } from "../until";

type Dashboard = { readonly server: TestServer; readonly op: Operator };
let running: Dashboard[] = [];

async function dashboard(dataDir: string, options: ServerOptions = {}): Promise<Dashboard> {
  const server = await startServer({ ...options, dataDir });
  const one = { server, op: operator(server) };
  running.push(one);
  return one;
}

async function kill(one: Dashboard): Promise<void> {
  await one.server.kill();
  running = running.filter((other) => other !== one);
}

afterEach(async () => {
  // Those of a copy work in the original folder.
  for (const { op } of running.toReversed()) await op.endAll();
  for (const one of [...running]) await kill(one);
});
afterAll(cleanUp);

/** A folder with a live run and one that waits for it, whose dashboard was killed. */
async function liveFolder(): Promise<{ root: string; data: string; live: Answer; waiting: Answer }> {
  const root = newDataDir();
  const data = join(root, "data");
  mkdirSync(data);
  const first = await dashboard(data);
  const live = await first.op.runningJob("live", program("forever"), { locks: ["site"] });
  await first.op.makeJob("waiting", program("forever"), { locks: ["site"] });
  const waiting = await first.op.start("waiting");
  await kill(first);
  return { root, data, live, waiting };
}

const folderOf = async ({ op }: Dashboard) => FolderView.parse(await op.call("GET", "/api/v1/folder", 200));
const factOf = (run: Answer, fact: string): string =>
  run.evidence.find((entry: Answer) => entry.fact === fact)?.value ?? "";

test("CR-6.11 a copied folder begins nothing, touches nothing and says so, until it is confirmed as the live one", async () => {
  const { root, data, live, waiting } = await liveFolder();
  const copied = join(root, "copy");
  expect(spawnSync("cp", ["-a", data, copied]).status).toBe(0);
  const original = await dashboard(data);
  expect(await folderOf(original)).toMatchObject({ state: "live", unconfirmed: null });
  expect(await original.op.running(live.id)).toMatchObject({ pid: live.pid });

  // With the policy that stops runs at the end, it still stops none.
  const stopping = await dashboard(copied, { env: { UNSTUCK_ON_SHUTDOWN: "stop" } });
  expect((await stopping.server.api("GET", "/health")).body).toMatchObject({
    status: "ok",
    folder: "unconfirmed",
    runsWatched: 0,
  });
  const { unconfirmed } = await folderOf(stopping);
  expect(unconfirmed).toMatchObject({
    doubt: "copied",
    sentence: expect.stringContaining(`It is a copy of ${data} on `),
    heldBack: { queued: 1, active: 1, elsewhere: 1 },
  });
  const shown = await stopping.op.run(live.id);
  expect(shown).toMatchObject({ state: "running", health: null });
  expect(factOf(shown, `process ${live.pid}`)).toContain(`belongs to the original folder at ${data}`);
  const { checks } = await stopping.op.call("GET", "/api/v1/doctor", 200);
  expect(checks.find(({ id }: Answer) => id === "data-folder")).toMatchObject({
    status: "fail",
    fix: expect.stringContaining("unstuck folder --confirm"),
  });
  expect((await stopping.op.run(waiting.id)).waitingFor).toContain("to be confirmed as the live one");
  const page = await fetch(`${stopping.server.origin}/jobs`, { headers: { connection: "close" } });
  expect(await page.text()).toContain("this may not be the live data folder");
  for (const [method, path] of [
    ["POST", "/api/v1/jobs/live/stop"],
    ["POST", "/api/v1/jobs/live/start"],
    ["POST", "/api/v1/jobs/live/reset"],
    ["POST", "/api/v1/stop-all"],
    ["DELETE", "/api/v1/jobs/waiting"],
  ] as const)
    expect((await stopping.server.api(method, path, {})).body, path).toMatchObject({
      code: "FOLDER_UNCONFIRMED",
    });
  expect(await stopping.server.stop()).toBe(0);
  running = running.filter((one) => one !== stopping);
  expect(isRunning(live.pid)).toBe(true);

  const copy = await dashboard(copied);
  const cli = (...args: string[]) => unstuck({ socketOf: copied }, args, { cwd: copy.op.cwd });
  const asked = cli("folder");
  expect(await asked.ended).toMatchObject({ code: 1 });
  expect(asked.out()).toContain("may not be the live data folder");
  expect(await copy.op.run(waiting.id)).toMatchObject({ state: "queued" });
  const confirmed = cli("folder", "--confirm", "--auto", "--reason", "The old one is retired.");
  expect(await confirmed.ended, confirmed.output()).toMatchObject({ code: 0 });

  expect(await copy.op.over(live.id)).toMatchObject({
    state: "interrupted",
    cause: "other_folder",
    reason: expect.stringContaining("lives on under the data folder that this one was copied from"),
  });
  expect((await copy.op.events(live.id)).map(({ type }: Answer) => type)).not.toContain("signal_sent");
  await copy.op.running(waiting.id);
  expect(await original.op.run(live.id)).toMatchObject({ state: "running", pid: live.pid });
  expect(processesOfRun(live.id).map(({ pid }) => pid)).toContain(live.pid);
  const audit = inDatabase(copied, (database) =>
    database.prepare('SELECT * FROM "Audit" WHERE "action" = ?').all("folder.confirmed"),
  );
  expect(audit).toEqual([expect.objectContaining({ actor: "owner", reason: "The old one is retired." })]);
  expect(await folderOf(copy)).toMatchObject({ state: "live" });
});

test("no time of a schedule that came before a restored folder was confirmed is started by it", async () => {
  const root = newDataDir();
  const [data, restored] = [join(root, "data"), join(root, "restored")];
  mkdirSync(data);
  const first = await dashboard(data);
  await first.op.makeJob("scheduled", ["true"]);
  const when = { by: "cron", expression: "* * * * * *" };
  const body = { when, timezone: "UTC", missed: { policy: "all", most: 100 } };
  const { id } = await first.op.call("POST", "/api/v1/jobs/scheduled/schedules", 201, body);
  await until("it has started", async () => (await first.op.runsOf("scheduled")).length > 0);
  await kill(first);
  expect(spawnSync("cp", ["-a", data, restored]).status).toBe(0);

  const copy = await dashboard(restored);
  const before = (await copy.op.runsOf("scheduled")).length;
  const path = `/api/v1/jobs/scheduled/schedules/${id}/slots?limit=200`;
  const { items: old } = await copy.op.call("GET", path, 200);
  const known = old.length;
  await until("more of its times have come", () => Date.now() > Date.parse(old[0].slot) + 2_500);
  await copy.op.call("POST", "/api/v1/folder/confirm", 200, {});
  const confirmedAt = Date.now();
  await until(
    "times of after it are started",
    async () => (await copy.op.runsOf("scheduled")).length > before + 1,
  );
  const { items } = await copy.op.call("GET", path, 200);
  const news = items.slice(0, items.length - known);
  expect(news.at(-1)).toMatchObject({
    state: "skipped",
    why: expect.stringContaining("before this data folder was confirmed"),
  });
  for (const { slot, state } of news)
    if (state === "started") expect(Date.parse(slot)).toBeGreaterThan(confirmedAt - 1_500);
});

test("CR-6.11 of a run that ends after its folder was moved the exit code is not known, and nobody is said to have killed its launcher", async () => {
  const root = newDataDir();
  const [data, moved] = [join(root, "data"), join(root, "moved")];
  mkdirSync(data);
  const fifo = makeFifo(join(root, "fifo"));
  const first = await dashboard(data);
  const run = await first.op.runningJob("ends", program("exits-when-told", fifo));
  await kill(first);
  renameSync(data, moved);
  const { op } = await dashboard(moved);
  await tell(fifo, 0);
  expect(await op.over(run.id)).toMatchObject({ state: "interrupted", cause: "exit_unknown" });
});

test("CR-6.11 a folder that was moved is still the live one: its run is adopted and can be stopped", async () => {
  const { root, data, live, waiting } = await liveFolder();
  const moved = join(root, "moved");
  renameSync(data, moved);
  const { server, op } = await dashboard(moved);
  expect((await server.api("GET", "/health")).body).toMatchObject({ folder: "live", runsWatched: 1 });
  expect(await op.run(live.id)).toMatchObject({ state: "running", pid: live.pid });
  await op.stop("waiting");
  await op.stop("live", { graceMs: 0 });
  expect(await op.over(live.id)).toMatchObject({ state: "stopped" });
  await until("nothing of it is left", () => processesOfRun(live.id).length === 0);
  expect(await op.over(waiting.id)).toMatchObject({ state: "stopped" });
});
