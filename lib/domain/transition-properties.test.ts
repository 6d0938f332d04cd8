import fc from "fast-check";
import { expect, test } from "vitest";
import { aJob, aQueuedRun, jobId, T0, WORKER } from "@/test/factories";
import { KIND_OUTCOMES } from "./exit";
import { lockNames } from "./job";
import { isActive, isFinal, LOST_CAUSES, type Run, STOP_CAUSES } from "./run";
import { type RunEvent, type Transition, transition } from "./transition";

/** Three jobs; two of them share a lock, as jobs of one site do. */
const JOBS = [
  aJob({ id: jobId("east"), locks: ["shop"] }),
  aJob({ id: jobId("west"), locks: ["shop"] }),
  aJob({ id: jobId("moon") }),
];

/** Mostly a job's newest run; sometimes an older one, to which everything comes late. */
type Target = { readonly job: number; readonly age: number };

/** The store in small: rows, the active key and the locks, changed the way lib/store changes them. */
class Model {
  readonly runs: Run[] = [];
  readonly locks = new Map<string, string>();

  enqueue(jobIndex: number, now: number): void {
    const job = JOBS[jobIndex];
    if (job === undefined || this.runs.some((run) => run.jobId === job.id && isActive(run.state))) return;
    const run = aQueuedRun(job, { queuedAt: now });
    this.runs.push(run);
    this.acquire(run);
  }

  /** @returns what became of it, null when there is no such run or its locks are taken */
  apply(target: Target, event: RunEvent, now: number): { before: Run; change: Transition } | null {
    const jobId = JOBS[target.job]?.id;
    const index = this.runs.map((run) => run.jobId).lastIndexOf(jobId ?? aJob().id) - target.age;
    const before = this.runs[index];
    if (before === undefined) return null;
    if (event.type === "claimed" && before.state === "queued" && !this.acquire(before)) return null;
    const change = transition(before, event, now);
    if (!change.ok) return { before, change };
    if (isFinal(change.run.state))
      for (const [name, holder] of this.locks) if (holder === before.id) this.locks.delete(name);
    this.runs[index] = change.run;
    return { before, change };
  }

  private acquire(run: Run): boolean {
    const names = lockNames(run.jobId, run.spec.locks);
    if (names.some((name) => (this.locks.get(name) ?? run.id) !== run.id)) return false;
    for (const name of names) this.locks.set(name, run.id);
    return true;
  }
}

const time = fc.integer({ min: T0 - 1_000_000, max: T0 + 1_000_000 });
const identity = fc.record({ pid: fc.integer({ min: 2, max: 4_194_304 }), startTicks: fc.nat() });

/** What moves a run on is drawn more often, or hardly any run would get as far as to be stopped. */
const event: fc.Arbitrary<RunEvent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constant<RunEvent>({
      type: "claimed",
      workerId: WORKER,
      hostInstance: "boot/1/1",
      ownerEpoch: 1,
    }),
  },
  {
    weight: 4,
    arbitrary: identity.map((launcher): RunEvent => ({ type: "spawned", launcher, process: launcher })),
  },
  fc.constant<RunEvent>({ type: "launch_failed", reason: "ENOENT" }),
  fc
    .record({ cause: fc.constantFrom(...STOP_CAUSES), graceMs: fc.nat(20_000) })
    .map((asked): RunEvent => ({ type: "stop_requested", ...asked, reason: null })),
  fc
    .record({
      exit: fc.oneof(
        fc.constantFrom(0, 0, 1, 255).map((code) => ({ code, signal: null })),
        fc.constantFrom("SIGTERM", "SIGSEGV", "SIGKILL").map((signal) => ({ code: null, signal })),
        fc.constant({ code: null, signal: null }),
      ),
      endedAt: time,
      outcome: fc.constantFrom(null, ...KIND_OUTCOMES),
      beforeSignal: fc.boolean(),
    })
    .map((end): RunEvent => ({ type: "exited", ...end })),
  fc.constant<RunEvent>({ type: "tree_gone" }),
  fc
    .record({ cause: fc.constantFrom(...LOST_CAUSES), endedAt: fc.option(time) })
    .map((gone): RunEvent => ({ type: "lost", ...gone, reason: "Gone." })),
  fc.constant<RunEvent>({ type: "cleaned", reason: "Dead." }),
  fc.constant<RunEvent>({ type: "clean_undone", reason: "Was alive." }),
);

type Step = { readonly now: number } & (
  | { readonly does: "enqueue"; readonly job: number }
  | { readonly does: "event"; readonly target: Target; readonly event: RunEvent }
);

const target = fc.record({ job: fc.nat(2), age: fc.constantFrom(0, 0, 0, 1) });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ does: fc.constant("enqueue" as const), job: fc.nat(2), now: time }) },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant("event" as const), target, event, now: time }),
  },
);

function checkChange(before: Run, change: Transition, given: RunEvent): void {
  if (!change.ok) return;
  const { run } = change;
  expect(run.version, "every accepted change raises the version by one").toBe(before.version + 1);
  if (isFinal(before.state)) {
    const arrow = `${before.state} → ${run.state} by ${given.type}`;
    expect(["interrupted → cleaned by cleaned", "cleaned → interrupted by clean_undone"]).toContain(arrow);
    expect([run.endedAt, run.exitCode], "what is known of the end stays").toEqual([
      before.endedAt,
      before.exitCode,
    ]);
  }
  if (before.cause !== null && given.type !== "exited")
    expect(run.cause, "first cause wins").toBe(before.cause);
}

function checkWorld(model: Model): void {
  for (const job of JOBS) {
    const active = model.runs.filter((run) => run.jobId === job.id && isActive(run.state));
    expect(active.length, `active runs of ${job.id}`).toBeLessThanOrEqual(1);
  }
  for (const [name, holder] of model.locks) {
    const run = model.runs.find((one) => one.id === holder);
    expect(run !== undefined && isActive(run.state), `the holder of ${name} is active`).toBe(true);
  }
  for (const run of model.runs) {
    expect(run.endedAt !== null, `${run.state}: endedAt is set exactly in final states`).toBe(
      isFinal(run.state),
    );
    if (isFinal(run.state)) expect(run.cause, `${run.state}: a final run has a cause`).not.toBeNull();
    if (run.endedAt !== null) expect(run.endedAt).toBeGreaterThanOrEqual(run.startedAt ?? run.queuedAt);
    if (run.unsettled) expect(["interrupted", "failed", "timed_out"]).toContain(run.state);
    if (run.state === "running") expect(run.launcher, "a running run has an identity").not.toBeNull();
    if (run.state !== "queued" && isActive(run.state)) {
      for (const name of lockNames(run.jobId, run.spec.locks)) expect(model.locks.get(name)).toBe(run.id);
    }
  }
}

test("B6 D1 no sequence of events, in whatever order and however late, breaks the promise", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: "max" }), (steps) => {
      const model = new Model();
      for (const one of steps) {
        if (one.does === "enqueue") model.enqueue(one.job, one.now);
        else {
          const done = model.apply(one.target, one.event, one.now);
          if (done !== null) checkChange(done.before, done.change, one.event);
          if (done?.change.ok) seen.add(done.change.run.state);
        }
        checkWorld(model);
      }
    }),
    { numRuns: 300 },
  );
  // A property that never gets anywhere proves nothing.
  expect([...seen].sort()).toEqual(
    "cleaned completed failed interrupted running starting stopped stopping timed_out".split(" "),
  );
});
