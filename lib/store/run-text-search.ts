import type { JobId, RunId } from "@/lib/domain/ids";
import type { RunFilter } from "@/lib/domain/ports/runs";
import type { RunState } from "@/lib/domain/run";
import { idBeginning } from "@/lib/domain/run-text";
import { nextTurn } from "@/lib/turns";
import { conditionsOf, lower, merged, type Range, stretchesOf, within } from "./run-stretches";
import { allOf, anyOf, hasText, type Sql, sql } from "./sql";
import type { Reads } from "./statements";
import { idsDown } from "./walk";

/** Behind every id that begins with it. */
function behind(beginning: string): string {
  return `${beginning}~`;
}

export async function textCondition(db: Reads, text: string): Promise<Sql> {
  const beginning = idBeginning(text);
  const ofJobs = sql`"jobId" IN ${anyOf(await jobsWithText(db, text))}`;
  if (beginning === null) return ofJobs;
  return sql`(${ofJobs} OR ("id" >= ${beginning} AND "id" < ${behind(beginning)}))`;
}

/**
 * Those whose id begins with it, and those of jobs that have it. Others get their turn meanwhile, and what they queue is left to the next
 * look: the list would have it for the jobs that are asked after that, and lack it for those that were asked before.
 */
export async function withText(db: Reads, filter: RunFilter, text: string, whole: Range, most: number) {
  const range = untilNow(db, filter, whole);
  if (range === null) return [];
  const beginning = idBeginning(text);
  const byId = beginning === null ? [] : await beginningWith(db, beginning, filter, range, most);
  const reached = filter.jobs === undefined ? null : new Set(filter.jobs);
  const jobs = (await jobsWithText(db, text)).filter((id) => reached === null || reached.has(id));
  const ofJobs = await newestOfJobs(db, jobs, filter, range, most);
  return newest([...byId, ...ofJobs], most);
}

/** Those of the jobs that who asks may see. */
export async function ofTheseJobs(
  db: Reads,
  filter: RunFilter,
  jobs: readonly JobId[],
  whole: Range,
  most: number,
): Promise<RunId[]> {
  const range = untilNow(db, filter, whole);
  return range === null ? [] : newestOfJobs(db, jobs, filter, range, most);
}

/** null: there is no run in it. */
function untilNow(db: Reads, filter: RunFilter, whole: Range): Range | null {
  const [first] = merged(db, stretchesOf(db, filter), whole, 1);
  return first === undefined ? null : { ...whole, below: behind(first.id) };
}

function beginningWith(
  db: Reads,
  beginning: string,
  filter: RunFilter,
  range: Range,
  most: number,
): Promise<RunId[]> {
  const from = beginning > range.from ? beginning : range.from;
  const below = lower(range.below, behind(beginning));
  return idsDown(db, { along: "id", from }, [conditionsOf(filter)], below, most);
}

const JOBS_READ_AT_ONCE = 2_000;
/** With statistics SQLite would read all jobs each time. */
const BY_ID = sql`FROM "Job" INDEXED BY "sqlite_autoindex_Job_1"`;

/** The jobs whose id or title has the text. */
async function jobsWithText(db: Reads, text: string): Promise<JobId[]> {
  const found: JobId[] = [];
  for (let after = ""; ; await nextTurn()) {
    const last = db.one<{ id: JobId }>`
      SELECT "id" ${BY_ID} WHERE "id" > ${after} ORDER BY "id" LIMIT 1 OFFSET ${JOBS_READ_AT_ONCE - 1}`;
    const upTo = last === null ? [] : [sql`"id" <= ${last.id}`];
    const has = sql`(${hasText(sql`"id"`, text)} OR ${hasText(sql`"title"`, text)})`;
    const rows = db.all<{ id: JobId }>`
      SELECT "id" ${BY_ID} WHERE ${allOf([sql`"id" > ${after}`, ...upTo, has])}`;
    found.push(...rows.map(({ id }) => id));
    if (last === null) return found;
    after = last.id;
  }
}

/**
 * Where many jobs have the text it is usually among the newest runs, so these are gone through first. Where it is not, each job is asked for its
 * own, so that it takes no longer however long ago they ran.
 */
async function newestOfJobs(
  db: Reads,
  jobs: readonly JobId[],
  filter: RunFilter,
  range: Range,
  most: number,
): Promise<RunId[]> {
  const { jobId, states } = stretchesOf(db, filter);
  if (jobId !== null)
    return jobs.includes(jobId) ? merged(db, { jobId, states }, range, most).map(({ id }) => id) : [];
  const { found, below } = await amongNewest(db, new Set(jobs), states, range, most);
  if (below === null || found.length >= most) return newest(found, most);
  const others = await jobByJob(db, jobs, states, { ...range, below }, most - found.length);
  return [...found, ...others];
}

/**
 * To ask a job about a state is a step down an index, 1 to 2 µs; to pass a run 0.5 µs. With a run for four steps, going through them in
 * vain adds a tenth.
 */
const STEPS_A_RUN = 4;
const FIRST_RUNS = 500;
const RUNS_AT_ONCE = 2_000;

/** @returns those found, and the id down to which all were looked at; null: there are no more */
async function amongNewest(
  db: Reads,
  jobs: ReadonlySet<JobId>,
  states: readonly RunState[],
  range: Range,
  most: number,
): Promise<{ found: RunId[]; below: string | null }> {
  const found: RunId[] = [];
  let { below } = range;
  let left = (jobs.size * states.length) / STEPS_A_RUN;
  for (let size = FIRST_RUNS; left >= size && found.length < most; size = RUNS_AT_ONCE) {
    const rows = merged(db, { jobId: null, states }, { ...range, below }, size);
    found.push(...rows.filter(({ jobId }) => jobs.has(jobId)).map(({ id }) => id));
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) return { found, below: null };
    below = last.id;
    left -= size;
    await nextTurn();
  }
  return { found, below };
}

/** So many take a few milliseconds. */
const JOBS_AT_ONCE = 200;

/** The newest of all their runs, however long ago that was: some jobs at a time, each time what is newer than the last that fits. */
async function jobByJob(
  db: Reads,
  jobs: readonly JobId[],
  states: readonly RunState[],
  range: Range,
  most: number,
): Promise<RunId[]> {
  let found: RunId[] = [];
  for (let next = 0; next < jobs.length; next += JOBS_AT_ONCE) {
    if (next > 0) await nextTurn();
    const some = jobs.slice(next, next + JOBS_AT_ONCE);
    const from = found.length < most ? range.from : (found.at(-1) ?? range.from);
    found = newest([...found, ...newestOf(db, some, states, { ...range, from }, most)], most);
  }
  return found;
}

/**
 * A merge of the stretches of each job: the newest run of each, and whenever one is taken the next one of the same stretch, so that there is
 * one step in an index for each stretch and each run. States in which nothing is are left out. All in one statement, since a run changes
 * from one state to another.
 */
function newestOf(
  db: Reads,
  jobs: readonly JobId[],
  states: readonly RunState[],
  range: Range,
  most: number,
): RunId[] {
  const oneOf = (job: Sql, state: Sql, below?: Sql) => sql`(
    SELECT "id" FROM "Run" INDEXED BY "Run_jobId_state_id_queuedAt_idx"
    WHERE "jobId" = ${job} AND "Run"."state" = ${state} AND ${within(range, below)} ORDER BY "id" DESC LIMIT 1)`;
  const rows = db.all<{ taken: RunId }>`
    WITH RECURSIVE "there" AS MATERIALIZED (
      SELECT value AS "state" FROM json_each(${JSON.stringify(states)}) AS one WHERE EXISTS (
        SELECT 1 FROM "Run" INDEXED BY "Run_state_id_jobId_queuedAt_idx" WHERE "state" = one.value AND ${within(range)})),
    "found" ("ofJob", "inState", "taken") AS (
      SELECT job.value, "there"."state", ${oneOf(sql`job.value`, sql`"there"."state"`)}
      FROM json_each(${JSON.stringify(jobs)}) AS job CROSS JOIN "there"
      UNION ALL
      SELECT "ofJob", "inState", ${oneOf(sql`"ofJob"`, sql`"inState"`, sql`"taken"`)} FROM "found" WHERE "taken" IS NOT NULL
      ORDER BY 3 DESC LIMIT ${most})
    SELECT "taken" FROM "found" WHERE "taken" IS NOT NULL`;
  return rows.map(({ taken }) => taken);
}

/** The first `most` of them, each once. */
function newest(ids: readonly RunId[], most: number): RunId[] {
  return [...new Set(ids)].sort().reverse().slice(0, most);
}
