import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endChild, startChild } from "../children";
import { oneServer } from "../one-server";
import { startByHand } from "../pid-files";
import { isRunning, kill } from "../processes";
import { program } from "../programs";
import type { Answer } from "../server";
import { until } from "../until";

/** What the pre-start check says of processes that no run of the job has started. */

const its = oneServer();

const precheck = (job: string) => its.op.call("GET", `/api/v1/jobs/${job}/precheck`, 200);
const inTheWay = ({ evidence }: Answer) => evidence.find(({ fact }: Answer) => fact === "in the way")?.value;

async function interrupted(job: string): Promise<Answer> {
  const { id, pid } = await its.op.running((await its.op.start(job)).id);
  kill(pid, "SIGKILL");
  return its.op.over(id);
}

test("E4 D2 the check says wait while a program somebody started by hand is behind the pid file, as a start would refuse", async () => {
  await its.op.makeJob("by-hand", program("forever"), { pidFile: "by-hand.pid" });
  const left = await interrupted("by-hand");
  const child = await startByHand(join(its.op.cwd, "by-hand.pid"));
  const said = await precheck("by-hand");
  expect(said).toMatchObject({ precheck: "wait", run: { id: left.id } });
  expect(said.reason).toContain(`process ${child.pid} (sleep 3600)`);
  expect(inTheWay(said)).toBe(said.reason);
  const refused = await its.op.call("POST", "/api/v1/jobs/by-hand/start", 409);
  expect(refused).toMatchObject({ code: "FOREIGN_PROCESS", details: { pid: child.pid } });
  await endChild(child);
  await until("it is seen to be gone", async () => (await precheck("by-hand")).precheck === "start");
});

test("E4 the check says wait while a live process works in the JOBDIR that the newest run has left, and a start does not begin beside it", async () => {
  const scrapy = join(its.op.cwd, "scrapy");
  writeFileSync(scrapy, "#!/bin/sh\nexec sleep 3600\n", { mode: 0o755 });
  await its.op.makeJob("crawl", [scrapy, "crawl", "shop"], { kind: "scrapy" });
  const left = await interrupted("crawl");
  const jobdir = left.checkpoint.path;
  mkdirSync(jobdir, { recursive: true });
  writeFileSync(join(jobdir, "requests.seen"), `${"a".repeat(40)}\n`);
  // What the one is told differs from the other's by its last letters only.
  const beside = startChild("sh", ["-c", "read -r _", "scrapy", "-s", `JOBDIR=${jobdir}-2`], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  expect(await precheck("crawl")).toMatchObject({ precheck: "start" });
  const holder = startChild("sh", ["-c", "read -r _", "scrapy", "-s", `JOBDIR=${jobdir}`], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const said = await precheck("crawl");
  expect(said).toMatchObject({ precheck: "wait", run: { id: left.id } });
  expect(said.reason).toMatch(new RegExp(`Process ${holder.pid} .* still works in ${jobdir}\\.`));
  expect(inTheWay(said)).toBe(said.reason);

  const tried = await its.op.over((await its.op.start("crawl", { mode: "resume" })).id);
  expect(tried).toMatchObject({ state: "failed", cause: "launch_failed" });
  expect(tried.reason).toContain(`process ${holder.pid} `);
  expect(isRunning(holder.pid)).toBe(true);
  await endChild(holder);
  expect((await precheck("crawl")).precheck).not.toBe("wait");
  await endChild(beside);
});
