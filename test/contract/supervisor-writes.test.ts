import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { wallClock } from "@/lib/clock";
import type { RunRecords } from "@/lib/domain/ports/records";
import { isFinal, type Run } from "@/lib/domain/run";
import { openStore } from "@/lib/store/open";
import { recordsOf } from "@/lib/store/records";
import { findRun } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { createSupervisor, type Supervisor } from "@/lib/supervisor/supervisor";
import { jobId, WORKER } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { processesOfRun } from "@/test/processes";
import { program } from "@/test/programs";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { eventTypes, givenJob, givenQueued, STOP } from "./store/given";

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
  const real = recordsOf(store, WORKER, wallClock);
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
  await recordsOf(store, WORKER, wallClock).apply(run.id, { ...STOP, graceMs: 0 });
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
  await recordsOf(store, WORKER, wallClock).apply(run.id, { ...STOP, graceMs: 0 });
  await inState(run, "stopped");
  expect(processesOfRun(run.id)).toEqual([]);
});

test("CR-6.4 a stop that comes while a finished program's leftovers are killed leaves the run what it is: completed", async () => {
  const run = await queuedRun(program("leaves-children", 0));
  const { apply } = recordsOf(store, WORKER, wallClock);
  let stopped = false;
  await startSupervisor((real) => ({
    note: async (id, type, data) => {
      await real.note(id, type, data);
      if (data.signal !== "SIGKILL" || stopped) return;
      stopped = true;
      await apply(run.id, STOP);
      supervisor.nudge(run.id);
    },
  }));
  await until("it is over", async () => isFinal((await findRun(store, run.id))?.state ?? "queued"));
  expect(stopped, "it was stopped in the middle of the kill").toBe(true);
  expect(await findRun(store, run.id)).toMatchObject({ state: "completed", cause: "exit", exitCode: 0 });
  expect(await eventTypes(store, run.id)).toContain("leftover_signal_sent");
  expect(await eventTypes(store, run.id)).not.toContain("signal_sent");
  expect(processesOfRun(run.id)).toEqual([]);
});

test("CR-6.4 a later dashboard reads in a run's history whether its program was signalled or only what it left", async () => {
  const records = recordsOf(store, WORKER, wallClock);
  supervisor = createSupervisor(supervisorPorts(folder, records));
  const given = async (name: string, ...types: string[]) => {
    const job = await givenJob(store, { id: jobId(name) });
    const { id } = await givenQueued(store, job.id, { token: randomUUID() });
    for (const type of types) await records.note(id, type, { pids: [5] });
    const { asked, first } = await records.signalsSent(id);
    return { asked, first };
  };
  expect(await given("a")).toEqual({ asked: false, first: null });
  expect(await given("b", "signal_sent")).toEqual({ asked: true, first: "program" });
  expect(await given("c", "leftovers")).toEqual({ asked: false, first: "leftovers" });
  expect(await given("d", "leftovers", "leftover_signal_sent")).toEqual({ asked: true, first: "leftovers" });
  expect(await given("e", "leftover_signal_sent")).toEqual({ asked: true, first: "leftovers" });
  // As earlier versions wrote the kill of leftovers.
  expect(await given("f", "leftovers", "signal_sent")).toEqual({ asked: true, first: "leftovers" });
});
