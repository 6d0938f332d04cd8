import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Run } from "@/lib/domain/run";
import { recordsIn } from "@/lib/run-records";
import { openStore } from "@/lib/store/open";
import { findRun } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import type { RunRecords } from "@/lib/supervisor/ports";
import { createSupervisor, type Supervisor } from "@/lib/supervisor/supervisor";
import { jobId, WORKER } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { processesOfRun } from "@/test/processes";
import { program } from "@/test/programs";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { givenJob, givenQueued, STOP } from "./store/given";

/** A real supervisor with real processes and a real database, of whose writes one fails. */
let folder: string;
let store: Store & { close(): Promise<void> };
let supervisor: Supervisor;

beforeEach(async () => {
  folder = temporaryFolder();
  store = await openStore(process.cwd(), join(folder, "unstuck.db"));
});

afterEach(async () => {
  await supervisor.shutdown();
  await store.close();
});

function startSupervisor(records: (real: RunRecords) => Partial<RunRecords>): Promise<void> {
  const real = recordsIn(store, WORKER);
  supervisor = createSupervisor(supervisorPorts(folder, { ...real, ...records(real) }));
  return supervisor.start();
}

/** Fails the first time it is called the way `when` describes. */
function failingOnce<Args extends unknown[], Result>(
  real: (...args: Args) => Promise<Result>,
  when: (...args: Args) => boolean,
): { call: (...args: Args) => Promise<Result>; failed(): boolean } {
  let failed = false;
  return {
    call: async (...args) => {
      if (failed || !when(...args)) return real(...args);
      failed = true;
      throw new Error("database is locked");
    },
    failed: () => failed,
  };
}

async function queuedRun(argv: readonly string[]): Promise<Run> {
  mkdirSync(join(folder, "work"));
  const job = await givenJob(store, { id: jobId("job"), argv, cwd: join(folder, "work") });
  // Its processes are found by this: another run of these tests on the same machine must not take them for its own.
  return givenQueued(store, job.id, { token: randomUUID() });
}

const inState = (run: Run, state: Run["state"]) =>
  until(
    () => `${run.id} is ${state}`,
    async () => (await findRun(store, run.id))?.state === state,
  );

test("a launch whose success cannot be written down is written down later, and nothing runs twice", async () => {
  const run = await queuedRun(program("forever"));
  let failed = () => false;
  await startSupervisor((real) => {
    const once = failingOnce(real.apply, (_id, event) => event.type === "spawned");
    failed = once.failed;
    return { apply: once.call };
  });
  await inState(run, "running");
  expect(failed()).toBe(true);
  await until("launcher and program are there", () => processesOfRun(run.id).length === 2);
  await recordsIn(store, WORKER).apply(run.id, { ...STOP, graceMs: 0 });
  supervisor.nudge(run.id);
  await inState(run, "stopped");
  expect(processesOfRun(run.id)).toEqual([]);
});

test("a launch whose failure cannot be written down is written down later, with its reason", async () => {
  const run = await queuedRun([join(folder, "not-there")]);
  let failed = () => false;
  await startSupervisor((real) => {
    const once = failingOnce(real.apply, (_id, event) => event.type === "launch_failed");
    failed = once.failed;
    return { apply: once.call };
  });
  await inState(run, "failed");
  expect(failed()).toBe(true);
  expect(await findRun(store, run.id)).toMatchObject({ cause: "launch_failed" });
});

test("a run whose claim failed is claimed again by itself", async () => {
  const run = await queuedRun(program("exits-with", 0));
  let failed = () => false;
  await startSupervisor((real) => {
    const once = failingOnce(real.claim, () => true);
    failed = once.failed;
    return { claim: once.call };
  });
  await inState(run, "completed");
  expect(failed()).toBe(true);
});

test("a stop that nobody was told of is found by comparing database and watchlist", async () => {
  const run = await queuedRun(program("forever"));
  await startSupervisor(() => ({}));
  await inState(run, "running");
  await recordsIn(store, WORKER).apply(run.id, { ...STOP, graceMs: 0 });
  await inState(run, "stopped");
  expect(processesOfRun(run.id)).toEqual([]);
});
