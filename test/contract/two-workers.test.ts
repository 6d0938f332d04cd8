import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { wallClock } from "@/lib/clock";
import type { WorkerId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { openStore } from "@/lib/store/open";
import { recordsOf } from "@/lib/store/records";
import { applyEvent } from "@/lib/store/run-changes";
import { findRun } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { createSupervisor, type Supervisor } from "@/lib/supervisor/supervisor";
import { jobId, WORKER } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { processesOfRun } from "@/test/processes";
import { program } from "@/test/programs";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { CLAIMED, givenJob, givenQueued, locksOf, STOP } from "./store/given";

const OTHER = "wrk_00000000000000000001" as WorkerId;

/** Two real supervisors, as on two hosts, with one real database between them. */
async function aDatabase(): Promise<Store> {
  const folder = temporaryFolder();
  const store = await openStore(process.cwd(), join(folder, "unstuck.db"));
  onTestFinished(() => store.close());
  return store;
}

async function aWorker(store: Store, workerId: WorkerId, folder = temporaryFolder()): Promise<Supervisor> {
  // Pids of the other one's host mean nothing here, as they would on a machine of its own.
  const host = workerId === OTHER ? { hostInstance: "another-boot/1/1" } : {};
  const records = recordsOf(store, workerId, wallClock);
  const supervisor = createSupervisor(supervisorPorts(folder, records, { workerId, ...host }));
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  return supervisor;
}

async function aQueuedProgram(store: Store, name: string): Promise<Run> {
  const cwd = join(temporaryFolder(), "work");
  mkdirSync(cwd);
  const job = await givenJob(store, { id: jobId(name), argv: program("forever"), cwd, locks: [name] });
  return givenQueued(store, job.id, { token: randomUUID() });
}

const inState = (store: Store, run: Run, state: Run["state"]) =>
  until(
    () => `${run.id} is ${state}`,
    async () => (await findRun(store, run.id))?.state === state,
  );

test("CR-5b a second worker's boot, doubts, lock proofs and shutdown leave the first one's live run alone", async () => {
  const store = await aDatabase();
  const run = await aQueuedProgram(store, "shoes");
  const first = await aWorker(store, WORKER);
  await inState(store, run, "running");
  const before = [await findRun(store, run.id), await locksOf(store)];
  const second = await aWorker(store, OTHER);
  expect(second.watchedCount()).toBe(0);
  expect(await second.verify(run.id)).toBe(false);
  expect(await second.proveGone(run.id)).toEqual({ found: "elsewhere", workerId: WORKER });
  expect(await second.endAll({ budgetMs: 1_000, reason: "Shut down." })).toEqual([]);
  expect([await findRun(store, run.id), await locksOf(store)]).toEqual(before);
  await applyEvent(store, run.id, { ...STOP, graceMs: 0 }, Date.now());
  second.nudge(run.id);
  first.nudge(run.id);
  await inState(store, run, "stopped");
  expect(processesOfRun(run.id)).toEqual([]);
});

test("CR-5b a boot ends nothing that another worker has just claimed, and starts what waits for anyone", async () => {
  const store = await aDatabase();
  const claimed = await aQueuedProgram(store, "claimed");
  const theirs = { ...CLAIMED, workerId: OTHER, hostInstance: "another-boot/1/1" };
  const change = await recordsOf(store, OTHER, wallClock).claim(claimed.id, theirs);
  const waiting = await aQueuedProgram(store, "waiting");
  const first = await aWorker(store, WORKER);
  await inState(store, waiting, "running");
  expect(await findRun(store, claimed.id)).toEqual(change.ok ? change.run : null);
  expect(await findRun(store, waiting.id)).toMatchObject({ workerId: WORKER });
  await applyEvent(store, waiting.id, { ...STOP, graceMs: 0 }, Date.now());
  first.nudge(waiting.id);
  await inState(store, waiting, "stopped");
  expect(processesOfRun(waiting.id)).toEqual([]);
});
