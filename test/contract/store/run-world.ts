import fc from "fast-check";
import { makeRunId, type RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { RunFilter } from "@/lib/domain/ports/runs";
import { isActive, RUN_STATES, type Run } from "@/lib/domain/run";
import { fromJob } from "@/lib/store/job-rows";
import { fromRun } from "@/lib/store/rows";
import type { Store } from "@/lib/store/transaction";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { noTables, type Tables } from "@/test/memory/tables";

export const ANY: RunFilter = {
  jobId: null,
  states: null,
  since: null,
  until: null,
  text: null,
  fingerprint: null,
};

/** The list said plainly: what is asked for, the newest id first. */
export function expected(runs: readonly Run[], jobs: ReadonlyMap<string, Job>, filter: RunFilter): RunId[] {
  const small = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const isMeant = (run: Run, text: string) =>
    [run.jobId, jobs.get(run.jobId)?.title ?? ""].some((name) => small(name).includes(small(text))) ||
    [text, `run_${text}`].some((start) => start.length >= 10 && run.id.startsWith(small(start)));
  return runs
    .filter((run) => filter.jobId === null || run.jobId === filter.jobId)
    .filter((run) => filter.jobs === undefined || filter.jobs.includes(run.jobId))
    .filter((run) => filter.states === null || filter.states.includes(run.state))
    .filter((run) => filter.since === null || run.queuedAt >= filter.since)
    .filter((run) => filter.until === null || run.queuedAt < filter.until)
    .filter((run) => filter.fingerprint === null || run.fingerprint === filter.fingerprint)
    .filter((run) => filter.text === null || isMeant(run, filter.text))
    .map(({ id }) => id)
    .sort()
    .reverse();
}

/** Random numbers that are the same each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export type World = { readonly jobs: readonly Job[]; readonly runs: readonly Run[] };

const NAMES = ["shop", "SHOP 7%", "eu_1", "o'clock", 'all "of" it', "Éclair", "éclair"];

/**
 * A history with everything that could disturb an order: many runs of one moment, imported ones among the others, ids of hours in which the
 * clock had been set back, jobs that last ran long ago, and jobs without a run.
 */
export function aWorld(jobCount: number, runCount: number): World {
  const next = chance(jobCount);
  const jobs = Array.from({ length: jobCount }, (_, index) =>
    aJob({
      id: jobId(`${index % 3 === 0 ? "rare" : "often"}.job_${index}`),
      title: `${NAMES[index % NAMES.length]} ${index}`,
    }),
  );
  const busy = new Set<string>();
  const runs = Array.from({ length: runCount }, (_, index): Run => {
    const job =
      jobs[index % 20 === 0 ? next(jobCount) : Math.min(next(jobCount), next(jobCount), next(12))] ?? jobs[0];
    if (job === undefined) throw new Error("There is no job.");
    const state = RUN_STATES[next(40) < 5 ? next(RUN_STATES.length) : 4 + next(3)] ?? "completed";
    const free = !isActive(state) || !busy.has(job.id);
    if (isActive(state)) busy.add(job.id);
    const kind = next(10);
    const queuedAt = T0 + (kind === 0 ? next(50) : index - (index % 7)) * 1_000;
    // In one of ten the id was made while the last one's time was later than the clock.
    const madeAt = kind === 1 ? queuedAt + next(3_600_000) : queuedAt;
    const entropy = `${String(index).padStart(6, "0")}${next(10_000)}0000`;
    const made = { id: makeRunId(madeAt, entropy), queuedAt, jobId: job.id };
    const failure = {
      ...made,
      endedAt: queuedAt + next(120) * 1_000,
      fingerprint: next(2) === 0 ? `shape ${next(3)}` : null,
    };
    return aRun(free ? state : "failed", isActive(state) && free ? made : failure);
  });
  return { jobs, runs };
}

export async function written(store: Store, { jobs, runs }: World): Promise<Tables> {
  await store.change((db) => {
    for (const job of jobs) db.insert("Job", { ...fromJob(job), newestRunId: null, deletingSince: null });
    for (const run of runs) db.insert("Run", fromRun(run, isActive(run.state)));
  });
  return {
    ...noTables(),
    jobs: new Map(jobs.map((job) => [job.id, { job, secrets: {}, newest: null }])),
    runs: new Map(runs.map((run) => [run.id, run])),
  };
}

/** Any filter there can be in a world, most of them of things that are there. */
export function filters({ jobs, runs }: World): fc.Arbitrary<RunFilter> {
  const instant = fc.integer({ min: -2, max: 3_000 }).map((second) => T0 + second * 1_000);
  const orNull = <Value>(one: fc.Arbitrary<Value>) => fc.option(one, { freq: 2 });
  const parts = fc.tuple(fc.constantFrom(...runs), fc.integer({ min: 3, max: 20 }), fc.boolean());
  const any = fc.record({
    jobs: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.subarray(jobs.slice(0, 60).map(({ id }) => id)) },
    ),
    jobId: orNull(fc.constantFrom(...jobs.slice(0, 15).map(({ id }) => id), jobId("none"))),
    states: orNull(fc.uniqueArray(fc.constantFrom(...RUN_STATES))),
    since: orNull(instant),
    until: orNull(instant),
    text: orNull(
      fc.oneof(
        fc.constantFrom(
          "rare.",
          "RARE.job_3",
          "often",
          "job_",
          "%",
          "_1",
          "'",
          '"',
          "É",
          "é",
          "shop 7",
          "run_",
          "none",
        ),
        fc.constantFrom(...jobs.map(({ title }) => title)),
        parts.map(([{ id }, digits, bare]) =>
          bare ? id.slice(4, 4 + digits).toUpperCase() : id.slice(0, 4 + digits),
        ),
      ),
    ),
    fingerprint: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom("shape 0", "shape 2", "none") },
    ),
  });
  // What is asked for by its name is one of them.
  return any.map(({ jobs: some, jobId: id, ...rest }) => ({
    ...rest,
    jobId: id,
    jobs: some === undefined || id === null ? some : [...some, id],
  }));
}
