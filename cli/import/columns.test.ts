import { expect, test } from "vitest";
import { ImportRow } from "@/lib/contracts/import";
import { readTable } from "./read-table.fixture";
import { columnsShown } from "./show-import.mjs";

const table = (...rows: string[]) => `${rows.join("\n")}\n`;

test("columns are found by what others call them, and it is told how sure that is", async () => {
  const { became, plan } = await readTable(
    table(
      "ID,Retailer Id,status,started_at,items_extracted,Updated,note,itemsFetched",
      "1,a,done,2025-01-01,4,2025-01-01,hello,7",
      "2,a,done,2025-01-02,5,2025-01-02,,8",
    ),
  );
  expect(became).toEqual({
    job: "Retailer Id (certain)",
    externalId: "ID (certain)",
    state: "status (certain)",
    startedAt: "started_at (certain)",
    lastActivityAt: "Updated (likely)",
    extracted: "items_extracted (certain)",
    error: "note (likely)",
  });
  const survey = {
    columns: new Map([["itemsFetched", { filled: 2, examples: ["7", "8"], distinct: null }]]),
  };
  expect(columnsShown(survey as never, plan)).toEqual([
    {
      column: "itemsFetched",
      fields: [],
      sure: null,
      why: expect.stringMatching(/no matching field/),
      examples: ["7", "8"],
    },
  ]);
});

test("a better content wins over a name: times that are none, a job that never says the same twice", async () => {
  const rows = Array.from(
    { length: 30 },
    (_, at) => `${at},yes,2025-01-0${(at % 9) + 1},task-${at},shop-${at % 3},done`,
  );
  const { became } = await readTable(table("id,started,created_at,job,spider,status", ...rows));
  expect(became).toMatchObject({ startedAt: "created_at (likely)", job: "spider (certain)" });
});

test("what is said wins, joins columns, and leaves one out", async () => {
  const rows = ["1,a,x,done,4711", "1,a,y,done,4711"];
  const { rows: made, became } = await readTable(table("id,name,region,status,pid", ...rows), {
    map: { job: "name+region", externalId: "id+region", pid: "" },
  });
  expect(made).toMatchObject([
    { job: "a-x", externalId: "1/x" },
    { job: "a-y", externalId: "1/y" },
  ]);
  expect(became).not.toHaveProperty("pid");
  await expect(readTable(table("a,b", "1,2"), { map: { job: "c", jbo: "a" } })).rejects.toThrow(
    /no column "c".*no field "jbo".*--map externalId=COLUMN/,
  );
});

test("ids that repeat get the job's name, a table without ids makes them of job and start, and one without a state asks the exit code", async () => {
  const repeated = await readTable(table("id,job,status", "1,a,done", "1,b,done", "2,a,done"));
  expect(repeated.rows.map(({ externalId }) => externalId)).toEqual(["a/1", "b/1", "a/2"]);
  const cron = await readTable(
    table(
      "job,started,finished,exit_code",
      "backup,2025-01-01 03:00:00,2025-01-01 03:01:00,0",
      "backup,2025-01-02 03:00:00,2025-01-02 03:01:00,137",
      "backup,2025-01-03 03:00:00,2025-01-03 03:01:00,",
      "backup,2025-01-04 03:00:00,,",
    ),
  );
  expect(cron.rows.map(({ state }) => state)).toEqual(["completed", "failed", "interrupted", "running"]);
  expect(cron.rows[0]?.externalId).toBe("backup/2025-01-01 03:00:00");
  expect(cron.plan.hasGuess).toBe(true);
});

test("FR-F15 return codes, signals, counts and texts are taken as they come, or told", async () => {
  const { rows, problems } = await readTable(
    table(
      "id,job,status,exit_code,items,pid,host,error",
      `1,a,failed,-9,"1,234",4711.0,celery@box,"${"x".repeat(7_000)}"`,
      "2,a,failed,SIGTERM,-1,0,http://box:6800/,",
      "3,a,failed,exit status 2,12.0,-1,10.0.0.7:6800,",
      "4,a,failed,odd,,,,",
    ),
  );
  expect(rows).toMatchObject([
    { exitCode: -9, extracted: 1_234, pid: 4_711, host: "box" },
    { exitCode: -15, host: "box" },
    { exitCode: 2, extracted: 12, host: "10.0.0.7" },
  ]);
  expect(rows[1]).not.toHaveProperty("pid");
  expect(rows[1]).not.toHaveProperty("extracted");
  for (const row of rows) expect(ImportRow.safeParse(row).success).toBe(true);
  expect(rows[0]?.error).toMatch(/^x+\n… \d+ more characters were cut here …\nx+$/);
  expect(problems).toMatchObject([
    { row: 4, problem: expect.stringMatching(/^exit_code: expected an exit code/) },
  ]);
});

test("a column of runs is not made jobs of by the hundred", async () => {
  const rows = Array.from({ length: 300 }, (_, at) => `${at},run-${at},done`);
  await expect(readTable(table("id,name,status", ...rows), { createJobs: true })).rejects.toThrow(
    /would make 300 jobs of 300 rows.*--map job=COLUMN/,
  );
  const said = await readTable(table("id,name,status", ...rows), { createJobs: true, map: { job: "name" } });
  expect(said.rows).toHaveLength(300);
});

test("several names that become one job are told", async () => {
  const { plan } = await readTable(table("id,job,status", "1,Books,done", "2,books!,done", "3,shoes,done"));
  expect(plan.notes.join()).toContain('"Books", "books!" become one job, books.');
});

test("FR-A12 a start that is a day, or when the run was made, is told as the earliest; of what is over it does not matter", async () => {
  const start = async (column: string, time: string, state = "running") =>
    (await readTable(table(`id,job,status,pid,${column}`, `1,a,${state},4711,${time}`))).rows;
  for (const [column, time] of [
    ["started_at", "2025-01-01"],
    ["started_at", "2025-01-01 00:00:00"],
    ["started_at", "45658"],
    ["created_at", "2025-01-01 09:00:00"],
    ["date", "2025-01-01 09:00:00"],
  ] as const)
    expect(await start(column, time), `${column} ${time}`).toMatchObject([{ startIsEarliest: true }]);
  for (const rows of [
    await start("started_at", "2025-01-01 09:00:00"),
    await start("started_at", "1735722000"),
    await start("created_at", "2025-01-01 09:00:00", "done"),
  ])
    expect(rows[0]).not.toHaveProperty("startIsEarliest");
});

test("FR-A12 a pid that cannot be read refuses a row that is active, and is nothing to one that is over", async () => {
  for (const pid of ["4.711", "12.000", "4711 4712", "4711 (python)"]) {
    const { rows, problems } = await readTable(
      table("id;job;status;pid", `1;a;running;${pid}`, `2;a;done;${pid}`),
    );
    expect(rows, pid).toMatchObject([{ externalId: "2" }]);
    expect(rows[0]).not.toHaveProperty("pid");
    expect(problems).toEqual([
      { row: 1, problem: expect.stringContaining(`pid: expected one whole number`) },
    ]);
  }
  const { rows, problems } = await readTable(
    table(
      "id,job,status,pid",
      "1,a,running,4711.0",
      "2,a,running,none",
      "3,a,running,box:4711",
      "4,a,running,docker:3f0c",
    ),
  );
  expect(problems).toEqual([]);
  expect(rows.map(({ pid }) => pid)).toEqual([4_711, undefined, 4_711, undefined]);
  // A column of that name is a name more often.
  const named = await readTable(table("id,job,status,process", "1,a,running,worker 2"));
  expect(named.became).not.toHaveProperty("pid");
});

test("FR-F15 a number that can be twelve or twelve thousand is asked about", async () => {
  const { rows, problems } = await readTable(
    table("id,job,status,items", "1,a,done,12.000", "2,a,done,12.0", "3,a,done,12.000000", "4,a,done,0.000"),
    { map: { extracted: "items" } },
  );
  expect(rows.map(({ extracted }) => extracted)).toEqual([12, 12, 0]);
  expect(problems).toEqual([
    {
      row: 1,
      problem: expect.stringMatching(/^items: expected a whole number, of which 12\.000 can be two/),
    },
  ]);
});

test("FR-A9 rows whose ids repeat today and did not yesterday have both ids, so that they are known again", async () => {
  const before = await readTable(table("id,job,status", "1,books,done", "2,books,done"));
  expect(before.rows).toMatchObject([{ externalId: "1", otherId: "books/1" }, {}]);
  const after = await readTable(table("id,job,status", "1,books,done", "2,books,done", "1,shoes,done"));
  expect(after.rows).toMatchObject([{ externalId: "books/1", otherId: "1" }, {}, { externalId: "shoes/1" }]);
  const said = await readTable(table("id,job,status", "1,books,done"), { map: { externalId: "id" } });
  expect(said.rows[0]).not.toHaveProperty("otherId");
});
