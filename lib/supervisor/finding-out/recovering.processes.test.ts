import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aRun, jobId } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { aProcess, someProcesses } from "@/test/some-processes";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { createSupervisor } from "../supervisor";

/** No kernel gives out such a number. */
const NOBODYS_PID = 500_000_000;

/** Two runs an earlier dashboard left: one whose folder is a file, so that it cannot be given up, and one that lives. */
function given() {
  const folder = temporaryFolder();
  const launcher = { pid: NOBODYS_PID, startTicks: 5 };
  const broken = aRun("starting", { jobId: jobId("broken") });
  const lives = aRun("running", { jobId: jobId("lives"), launcher, process: null });
  const over = aRun("completed", { jobId: jobId("over") });
  const memory = someRecords(broken, lives, over);
  const logged: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (_: unknown, event: string) => logged.push(event) };
  const processes = someProcesses([aProcess(launcher)]);
  const ports = supervisorPorts(folder, memory.records, { processes, log });
  for (const path of [ports.paths.runs, ports.paths.exits]) mkdirSync(path);
  const obstacle = join(ports.paths.runs, broken.id);
  const files = join(ports.paths.runs, over.id);
  mkdirSync(files);
  writeFileSync(obstacle, "in the way");
  const supervisor = createSupervisor(ports);
  onTestFinished(() => supervisor.shutdown());
  return { ...memory, supervisor, broken, lives, obstacle, logged, ports, files };
}

test("CR-6.3 a run that cannot be recovered keeps no other from being looked after, and says why", async () => {
  const { supervisor, broken, lives, logged, noted, rows } = given();
  await supervisor.start();
  expect(supervisor.live(lives.id)?.processAlive).toBe(true);
  expect(supervisor.live(broken.id)).toBeNull();
  expect(supervisor.unrecovered()).toMatchObject([{ runId: broken.id, reason: /EEXIST|ENOTDIR/ }]);
  expect(rows.get(broken.id)?.state).toBe("starting");
  expect(logged.filter((event) => event === "run.not_recovered")).toHaveLength(1);
  expect(noted.filter(({ type }) => type === "not_recovered")).toMatchObject([{ runId: broken.id }]);
});

test("CR-6.3 it is tried again by itself until it succeeds, and told of once", async () => {
  const { supervisor, broken, obstacle, noted, rows } = given();
  await supervisor.start();
  await until("it was tried again", () => (supervisor.whyUnrecovered(broken.id)?.tries ?? 0) > 1);
  expect(noted.filter(({ type }) => type === "not_recovered")).toHaveLength(1);
  rmSync(obstacle);
  await until("it is known what became of it", () => rows.get(broken.id)?.state === "interrupted");
  expect(rows.get(broken.id)?.cause).toBe("never_started");
  await until("it is forgotten", () => supervisor.unrecovered().length === 0);
});

test("CR-6.3 whoever asks about it is told why, and has it tried at once", async () => {
  const { supervisor, broken, obstacle } = given();
  await supervisor.start();
  await expect(supervisor.verify(broken.id)).rejects.toMatchObject({ code: "RUN_NOT_RECOVERED" });
  await expect(supervisor.proveGone(broken.id)).rejects.toMatchObject({ code: "RUN_NOT_RECOVERED" });
  rmSync(obstacle);
  expect(await supervisor.verify(broken.id)).toBe(true);
});

test("CR-6.3 a stop of it is carried out once it can be, without looking at processes before that", async () => {
  const { supervisor, broken, obstacle, records, rows } = given();
  await supervisor.start();
  const stop = { type: "stop_requested", cause: "stop", graceMs: 0, reason: "Stopped." } as const;
  await records.apply(broken.id, stop);
  supervisor.nudge(broken.id);
  await until("it was tried again", () => (supervisor.whyUnrecovered(broken.id)?.tries ?? 0) > 1);
  expect(rows.get(broken.id)?.state).toBe("stopping");
  rmSync(obstacle);
  await until("it is over", () => rows.get(broken.id)?.endedAt !== null);
});

test("CR-6.3 a row that cannot be read keeps no other run from being looked after", async () => {
  const { ports, records, broken, lives, obstacle } = given();
  rmSync(obstacle);
  const find: typeof records.find = async (id) => {
    if (id === broken.id) throw new SyntaxError("Unexpected token in JSON");
    return records.find(id);
  };
  const supervisor = createSupervisor({ ...ports, records: { ...records, find } });
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  expect(supervisor.live(lives.id)?.processAlive).toBe(true);
  expect(supervisor.unrecovered()).toMatchObject([{ runId: broken.id, reason: /JSON/ }]);
  expect(readdirSync(ports.paths.runs), "nothing was done about it").not.toContain(broken.id);
});

test("CR-6.3 a database that cannot be written keeps a dashboard from waiting for each run in turn", async () => {
  const { ports, records, lives } = given();
  let held = true;
  let waiting = 0;
  const note: typeof records.note = async (...args) => {
    if (!held) return records.note(...args);
    waiting += 1;
    throw Object.assign(new Error("Locked."), { code: "EMFILE" });
  };
  const supervisor = createSupervisor({ ...ports, records: { ...records, note } });
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  expect(waiting).toBeGreaterThan(0);
  held = false;
  await until("the live one is looked after", () => supervisor.live(lives.id)?.processAlive === true);
});

test("CR-6.3 no files are tidied away while a run that may use them is not looked after", async () => {
  const { supervisor, broken, obstacle, files } = given();
  await supervisor.start();
  await until("it was tried again", () => (supervisor.whyUnrecovered(broken.id)?.tries ?? 0) > 1);
  expect(existsSync(files)).toBe(true);
  rmSync(obstacle);
  await until("they are tidied away", () => !existsSync(files));
});
