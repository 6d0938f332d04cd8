import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FAULT_POINTS, type FaultPoint } from "@/lib/supervisor/files/fault";
import { isOver, type Operator, operator } from "../operator";
import { processesOfFolder } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, startServer } from "../server";

/** The dashboard ends itself with SIGKILL at a chosen moment of a launch or an end; the next one must know what became of it. */

afterAll(cleanUp);

const JOBS = ["one", "two", "three", "four"];

/** What must have become of one run at least: the one that was at that very point. Others were before or behind it. */
const HIT: Record<FaultPoint, (run: Answer) => boolean> = {
  "after-claim": neverStarted,
  "after-spec": neverStarted,
  "after-spawn": (run) => isAdopted(run) || neverStarted(run),
  "before-running": isAdopted,
  "before-finalise": hasCompleted,
};

function neverStarted(run: Answer): boolean {
  return run.state === "interrupted" && run.cause === "never_started" && run.pid === null;
}

function hasCompleted(run: Answer): boolean {
  return run.state === "completed" && run.exitCode === 0;
}

function isAdopted(run: Answer): boolean {
  return run.state === "running" && run.pid !== null;
}

describe("a dashboard that dies in the middle of a launch or an end loses no run and doubles none", () => {
  for (const point of FAULT_POINTS) {
    for (const count of [1, 3])
      test(`${point}, the ${count === 1 ? "first" : "third"} time`, () => dieAt(point, count));
  }
});

async function dieAt(point: FaultPoint, count: number): Promise<void> {
  const doomed = await startServer({ env: { UNSTUCK_FAULT: `${point}:${count}` } });
  const before = operator(doomed);
  const journal = join(before.cwd, "journal");
  for (const job of JOBS)
    await before.makeJob(job, program("enters-journal", journal, makeFifo(join(before.cwd, job))));
  const ends = point === "before-finalise";
  const asked = await Promise.allSettled(JOBS.map((job) => before.start(job)));
  if (ends) await endAll(before, asked);
  await doomed.gone;

  const next = await startServer({ dataDir: doomed.dataDir });
  const after = operator(next);
  const fates = await Promise.all(JOBS.map((job) => fateOf(after, job, ends)));
  for (const run of fates) {
    const expected = run === null || (ends ? hasCompleted(run) : isAdopted(run) || neverStarted(run));
    expect(expected, JSON.stringify(run)).toBe(true);
  }
  expect(
    fates.some((run) => run !== null && HIT[point](run)),
    "the run that was at the point",
  ).toBe(true);
  expectOneProgramEach(doomed.dataDir, fates);
  for (const [index, job] of JOBS.entries()) {
    const run = fates[index] ?? null;
    if (run === null || isOver(run)) await after.running((await after.start(job)).id);
    else expect((await next.api("POST", `/api/v1/jobs/${job}/start`)).status).toBe(409);
  }
  await after.endAll();
  expect(await next.stop()).toBe(0);
  expectNoneTwice(journal, fates);
}

/** The first end is the dashboard's too: all have to run before any is told to end. */
async function endAll(op: Operator, asked: readonly PromiseSettledResult<Answer>[]): Promise<void> {
  for (const answer of asked) if (answer.status === "fulfilled") await op.running(answer.value.id);
  for (const job of JOBS) await tell(join(op.cwd, job), 0);
}

/**
 * The one run of a job once nothing more will happen to it by itself; null when its start never got through. One that was told to end
 * may still be alive when the next dashboard comes, and be adopted for a moment.
 */
async function fateOf(op: Operator, job: string, ends: boolean): Promise<Answer | null> {
  const runs = await op.runsOf(job);
  expect(runs.length, `runs of ${job}`).toBeLessThanOrEqual(1);
  if (runs.length === 0) return null;
  return op.runThat(runs[0].id, "is settled", (run) => isOver(run) || (!ends && isAdopted(run)));
}

function expectOneProgramEach(dataDir: string, fates: readonly (Answer | null)[]): void {
  const alive = fates.filter((run) => run !== null && !isOver(run));
  const found = processesOfFolder(dataDir).filter(({ marker }) => marker !== null);
  const pids = new Set(found.map(({ pid }) => pid));
  const programs = found.filter(({ parent }) => pids.has(parent)).map(({ pid }) => pid);
  expect(programs.sort()).toEqual(alive.map(({ pid }) => pid).sort());
}

/** Every program wrote itself into the journal when it began. */
function expectNoneTwice(journal: string, fates: readonly (Answer | null)[]): void {
  const begun = readFileSync(journal, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[1]);
  expect(new Set(begun).size).toBe(begun.length);
  for (const run of fates) if (run?.cause === "never_started") expect(begun).not.toContain(run.id);
}
