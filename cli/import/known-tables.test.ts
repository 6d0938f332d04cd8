import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ImportRow } from "@/lib/contracts/import";
import { type Read, readFile } from "./read-table.fixture";

/**
 * Exports made by hand in the shape these programs write, and the table of the founding documents. After their sources: Scrapyd's
 * listjobs.json, ScrapydWeb's table of jobs, Crawlab's tasks by mongoexport, Airflow's dag_run and django-celery-results by COPY. Not compared with
 * source or export: Prefect's flow runs and pg_cron's job_run_details as psql prints it.
 */
const FIXTURES = join(import.meta.dirname, "fixtures");

async function read(name: string): Promise<Read> {
  const found = await readFile(join(FIXTURES, name), { createJobs: true });
  for (const row of found.rows)
    expect(ImportRow.safeParse(row), JSON.stringify(row)).toMatchObject({ success: true });
  expect(found.problems).toEqual([]);
  expect(found.plan.unknownWords).toEqual([]);
  return found;
}

const states = ({ rows }: Read) => rows.map(({ job, state }) => `${job} ${state}`);

test("the table of the founding documents goes in as it is, with the word for cleaned runs", async () => {
  const found = await read("founding-runs.csv");
  expect(found.became).toEqual({
    job: "portal_name (certain)",
    externalId: "id (certain)",
    state: "status (certain)",
    startedAt: "started_at (certain)",
    endedAt: "completed_at (certain)",
    extracted: "extracted_total_tenders (likely)",
    skipped: "skipped_existing_total (likely)",
  });
  expect(states(found)).toEqual([
    "north-portal completed",
    "north-portal cleaned",
    "south-portal failed",
    "south-portal running",
    "west-portal running",
  ]);
  expect(found.rows[3]).toMatchObject({ extracted: 83, skipped: 12, jobTitle: "South Portal" });
  expect(found.rows[3]).not.toHaveProperty("endedAt");
});

describe("FR-A10 exports of the programs people come from are read without an option", () => {
  test("running-real-programs: Scrapyd's three lists: the list says the state, and the node is the host", async () => {
    const found = await read("scrapyd-listjobs.json");
    expect(states(found)).toEqual(["books queued", "books running", "shoes completed", "books completed"]);
    expect(found.rows[1]).toMatchObject({
      pid: 1_234_567,
      host: "crawler-1",
      startedAt: "2025-03-02T10:14:03.594Z",
    });
    expect(found.plan.notes.join()).toMatch(/says only that the process ended.*taken for UTC/s);
  });

  test("running-real-programs: ScrapydWeb's table: the spider is the job, and runs of two spiders with one name stay two", async () => {
    const found = await read("scrapydweb-jobs.csv");
    expect(states(found)).toEqual(["books completed", "shoes completed", "books running", "shoes queued"]);
    expect(new Set(found.rows.map(({ externalId }) => externalId)).size).toBe(4);
    expect(found.rows[0]).toMatchObject({ extracted: 1_999, endedAt: "2025-03-01T00:45:11.000Z" });
    expect(found.rows[2]).toMatchObject({ lastActivityAt: "2025-03-02T01:00:00.000Z" });
  });

  test("running-real-programs: Crawlab's tasks by mongoexport: Mongo's own notation, Go's zero time, and the node's id is no host", async () => {
    const found = await read("crawlab-tasks.mongoexport.txt");
    expect(found.rows.map(({ state }) => state)).toEqual(["completed", "failed", "interrupted", "running"]);
    expect(found.rows[0]).toMatchObject({
      job: "65e0000000000000000000b1",
      externalId: "65e1000000000000000000a1",
      pid: 431,
      lastActivityAt: "2025-03-01T01:00:00.000Z",
    });
    expect(found.rows[1]).toMatchObject({ error: "exit status 1" });
    expect(found.rows[2]).not.toHaveProperty("lastActivityAt");
    expect(found.rows[2]).not.toHaveProperty("pid");
    // Its time is that of its creation.
    expect(found.rows[3]).toMatchObject({ pid: 1_234_567, startIsEarliest: true });
    expect(found.rows[3]).not.toHaveProperty("host");
  });

  test("running-real-programs: Airflow's dag_run: the DAG is the job, and the same run id in two DAGs is two runs", async () => {
    const found = await read("airflow-dag_run.csv");
    expect(states(found)).toEqual(["scrape_books completed", "scrape_shoes failed", "scrape_books running"]);
    expect(new Set(found.rows.map(({ externalId }) => externalId)).size).toBe(3);
    expect(found.rows[0]).toMatchObject({ startedAt: "2025-03-01T00:00:02.500Z" });
  });

  test("running-real-programs: Celery's results: the traceback is the error, and date_done of a started task is a sign of life", async () => {
    const found = await read("celery-taskresult.csv");
    expect(states(found)).toEqual([
      "shop.tasks.books completed",
      "shop.tasks.books failed",
      "shop.tasks.shoes stopped",
      "shop.tasks.shoes running",
    ]);
    expect(found.rows[1]).toMatchObject({
      host: "box-1",
      error: expect.stringMatching(/ValueError: page 7$/),
    });
    expect(found.rows[3]).toMatchObject({ lastActivityAt: "2025-03-04T00:00:01.200Z" });
    expect(found.rows[3]).not.toHaveProperty("endedAt");
  });

  test("running-real-programs: Prefect's flow runs: the flow's id is the job and not the run's pet name, host and pid are told apart", async () => {
    const found = await read("prefect-flow-runs.json");
    expect(found.rows.map(({ state }) => state)).toEqual(["completed", "failed", "running"]);
    expect(found.rows[0]?.job).toBe("de900000-0000-4000-8000-000000000001");
    expect(found.rows[1]).toMatchObject({
      job: "f10f0000-0000-4000-8000-000000000001",
      error: "Execution was aborted.",
    });
    expect(found.rows[2]).toMatchObject({ host: "box-1", pid: 1_234_567 });
  });

  test("running-real-programs: pg_cron's details as psql draws them: rules and the count of rows are no rows", async () => {
    const found = await read("pg_cron-job_run_details.psql.txt");
    expect(states(found)).toEqual(["3 completed", "4 failed", "4 running"]);
    expect(found.rows[1]).toMatchObject({
      externalId: "72",
      error: "ERROR:  relation is not there",
      pid: 2_611,
    });
  });

  test("of tables that name no host, a pid of an active row may be another host's", async () => {
    for (const name of [
      "scrapydweb-jobs.csv",
      "crawlab-tasks.mongoexport.txt",
      "pg_cron-job_run_details.psql.txt",
    ]) {
      const active = (await read(name)).rows.filter(
        ({ state, pid }) => state === "running" && pid !== undefined,
      );
      expect(active, name).toMatchObject([{ pid: 1_234_567, hostIsUnsure: true }]);
    }
    for (const { hostIsUnsure } of (await read("scrapyd-listjobs.json")).rows)
      expect(hostIsUnsure).toBeUndefined();
  });
});

test("every export that is kept is read by a test above", () => {
  expect(readdirSync(FIXTURES)).toHaveLength(8);
});
