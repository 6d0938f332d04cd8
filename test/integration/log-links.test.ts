import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRun } from "../processes";
import { program } from "../programs";
import { cleanUp, newDataDir, startServer, type TestServer } from "../server";

let server: TestServer;
let op: Operator;
let outside: string;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
  outside = newDataDir();
});
afterEach(() => op.endAll());
afterAll(cleanUp);

async function refusedLog(runId: string): Promise<void> {
  const answer = await server.api("GET", `/api/v1/runs/${runId}/log`);
  expect(answer).toMatchObject({ status: 409, body: { code: "LOG_REFUSED" } });
}

async function endedRun(job: string): Promise<{ id: string; logs: string; file: string }> {
  await op.makeJob(job, program("writes-lines", 2));
  const { id } = await op.over((await op.start(job)).id);
  const logs = join(server.dataDir, job, "logs");
  return { id, logs, file: join(logs, `${id}.log`) };
}

test("a log that was replaced by a link is not read through it", async () => {
  const secret = join(outside, "secret.txt");
  writeFileSync(secret, "not yours\n");
  const { id, file } = await endedRun("file-link");
  rmSync(file);
  symlinkSync(secret, file);
  await refusedLog(id);
});

test("a folder of logs that was replaced by a link is not read through it", async () => {
  const { id, logs } = await endedRun("folder-link");
  const moved = join(outside, "moved-logs");
  renameSync(logs, moved);
  symlinkSync(moved, logs);
  await refusedLog(id);
});

test("a log that is a folder is refused, and one that was removed is told to be missing", async () => {
  const { id, file } = await endedRun("no-file");
  rmSync(file);
  expect(await server.api("GET", `/api/v1/runs/${id}/log`)).toMatchObject({
    status: 404,
    body: { code: "LOG_NOT_FOUND" },
  });
  mkdirSync(file);
  await refusedLog(id);
});

test("a start does not write through a link in place of the folder of logs", async () => {
  const target = join(outside, "target-of-logs");
  mkdirSync(target);
  mkdirSync(join(server.dataDir, "start-folder-link"));
  symlinkSync(target, join(server.dataDir, "start-folder-link", "logs"));
  await op.makeJob("start-folder-link", program("writes-lines", 2));
  const run = await op.over((await op.start("start-folder-link")).id);
  expect(run).toMatchObject({ state: "failed", cause: "launch_failed", pid: null });
  expect(run.reason).toMatch(/^Failed to start: The log .* is refused/);
  expect(readdirSync(target)).toEqual([]);
  expect(processesOfRun(run.id)).toEqual([]);
});

test("a start does not write through a link in place of the job's folder", async () => {
  const target = join(outside, "target-of-job");
  mkdirSync(target);
  symlinkSync(target, join(server.dataDir, "start-job-link"));
  await op.makeJob("start-job-link", program("writes-lines", 2));
  const run = await op.over((await op.start("start-job-link")).id);
  expect(run).toMatchObject({ state: "failed", cause: "launch_failed" });
  expect(readdirSync(target)).toEqual([]);
});

test("a start does not write through a link in place of the log itself", async () => {
  const precious = join(outside, "precious.txt");
  writeFileSync(precious, "precious\n");
  await op.runningJob("link-holder", program("forever"), { locks: ["link"] });
  await op.makeJob("start-file-link", program("writes-lines", 2), { locks: ["link"] });
  const { id } = await op.start("start-file-link");
  const logs = join(server.dataDir, "start-file-link", "logs");
  mkdirSync(logs, { recursive: true });
  symlinkSync(precious, join(logs, `${id}.log`));
  await op.stop("link-holder");
  expect(await op.over(id)).toMatchObject({ state: "failed", cause: "launch_failed" });
  expect(readFileSync(precious, "utf8")).toBe("precious\n");
});

test("the data folder itself may be a link: people keep it on another disk", async () => {
  const real = join(outside, "other-disk");
  const link = join(outside, "data-link");
  mkdirSync(real);
  symlinkSync(real, link);
  const own = await startServer({ dataDir: link });
  const other = operator(own);
  await other.makeJob("elsewhere", program("writes-lines", 1));
  const run = await other.over((await other.start("elsewhere")).id);
  expect(await other.log(run.id)).toBe("line 1\n");
  expect(existsSync(join(real, "elsewhere", "logs", `${run.id}.log`))).toBe(true);
  expect(await own.stop()).toBe(0);
});
