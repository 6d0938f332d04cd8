import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readTable } from "./read-table.fixture";

const lines = (...rows: string[]) => `${rows.join("\n")}\n`;
const ids = (rows: readonly Record<string, unknown>[]) => rows.map(({ externalId }) => externalId);

describe("FR-A9 tables of every hand are read", () => {
  for (const [name, mark] of [
    ["comma", ","],
    ["semicolon", ";"],
    ["tab", "\t"],
    ["bar", "|"],
  ] as const)
    test(`cells divided by ${name}`, async () => {
      const table = lines(
        ["id", "job", "status", "started_at", "error"].join(mark),
        ["1", "a", "done", "2025-01-01 00:00:00", "a, b; c"].map((cell) => `"${cell}"`).join(mark),
        ["2", "b", "failed", "2025-01-02 00:00:00", ""].join(mark),
      );
      const { rows, problems } = await readTable(table);
      expect(problems).toEqual([]);
      expect(rows).toMatchObject([
        { job: "a", error: "a, b; c" },
        { job: "b", state: "failed" },
      ]);
    });

  test("a delimiter nobody would guess is said, and Excel's sep= line is believed", async () => {
    const { rows } = await readTable(lines("id~job~status", "1~a~done"), { delimiter: "~" });
    expect(ids(rows)).toEqual(["1"]);
    expect(ids((await readTable(lines("sep=~", "id~job~status", "2~a~done"))).rows)).toEqual(["2"]);
  });

  test("one cell with a bare quote among 1,507 rows costs no row", async () => {
    const table = Array.from({ length: 1_507 }, (_, at) => `${at},a,done,${at === 700 ? '5" screen' : "x"}`);
    const { rows, problems } = await readTable(lines("id,job,status,error", ...table));
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(1_507);
    expect(rows[700]).toMatchObject({ error: '5" screen' });
  });

  test("a quote that is never closed costs its own row, wherever the next quote is", async () => {
    const table = lines(
      "id,job,status,error",
      '1,a,done,"well\nquoted, over ""two"" lines"',
      '2,a,done,"never closed',
      "3,a,done,",
      '4,a,done,"x"',
      '5,"a,done,',
      "6,a,done,",
      '7,a,done,"y"',
      '8,a,done,"at the end of the file',
    );
    const { rows, problems } = await readTable(table);
    expect(ids(rows)).toEqual(["1", "3", "4", "6", "7"]);
    expect(problems.map(({ row }) => row)).toEqual([2, 5, 8]);
    expect(problems[0]?.problem).toMatch(/quote is opened in it and never closed/);
  });

  test("one cell with bare quotes within quotes costs no row, and none beside it", async () => {
    const table = lines(
      "id,job,status,error",
      "1,a,done,",
      '2,a,failed,"he said "no" to it"',
      '3, a ,"done" , "x, y" ',
      '4,a,failed,"no" way',
      '5,a,done,"well ""quoted"""',
    );
    const { rows, problems } = await readTable(table);
    expect(ids(rows)).toEqual(["1", "2", "3", "5"]);
    expect(rows[1]).toMatchObject({ error: 'he said "no" to it' });
    expect(rows[2]).toMatchObject({ job: "a", state: "completed", error: "x, y" });
    expect(rows[3]).toMatchObject({ error: 'well "quoted"' });
    expect(problems.map(({ row }) => row)).toEqual([4]);
  });

  test("MySQL's backslashes, a text with an unquoted delimiter, and two columns of one name", async () => {
    const mysql = await readTable(
      lines("id,job,status,error", '1,a,failed,"said \\"no\\", left"', "2,a,done,\\N"),
    );
    expect(mysql.rows).toMatchObject([{ error: expect.stringContaining('"no') }, { externalId: "2" }]);
    const shifted = await readTable(lines("id,job,status,error", "1,a,done,one, two", "2,a,done,x,"));
    expect(shifted.problems).toMatchObject([
      { row: 1, problem: expect.stringMatching(/5 cells under 4 titles/) },
    ]);
    expect(ids(shifted.rows)).toEqual(["2"]);
    const joined = await readTable(lines("id,job,status,id", "1,a,done,99"));
    expect(ids(joined.rows)).toEqual(["1"]);
  });

  test("tables drawn by mysql, psql and Markdown", async () => {
    for (const table of [
      lines(
        "+----+-----+--------+",
        "| id | job | status |",
        "+----+-----+--------+",
        "|  1 | a   | done   |",
        "+----+-----+--------+",
      ),
      lines("| id | job | status |", "|---|:---:|---|", "| 1 | a | done |"),
      lines(" id | job | status ", "----+-----+--------", "  1 | a   | done", "(1 row)"),
    ])
      expect((await readTable(table)).rows).toEqual([
        { externalId: "1", otherId: "a/1", job: "a", state: "completed" },
      ]);
  });

  test("UTF-16, Windows-1252 and gzip are noticed, whatever the file is called", async () => {
    const table = "id;job;status\r\n1;Märkte;done\r\n";
    for (const bytes of [
      Buffer.from(`\ufeff${table}`, "utf16le"),
      Buffer.from(table, "latin1"),
      Buffer.from(`\ufeff${table}`),
      gzipSync(table),
    ])
      expect((await readTable(bytes)).rows).toEqual([
        { externalId: "1", otherId: "Märkte/1", job: "maerkte", state: "completed" },
      ]);
  });
});

describe("FR-F7 columns are those of all records", () => {
  const records = [
    { id: 1, job: "a", status: "done" },
    { id: 2, job: "a", status: "running", pid: 4_711, started_at: "2025-01-01T00:00:00Z" },
    { id: 3, job: "a", status: "failed", exit_code: 3, error: "HTTP 503" },
  ];
  test.each([
    ["one a line", records.map((each) => JSON.stringify(each)).join("\n")],
    ["in a list", JSON.stringify(records, null, 2)],
    ["in an object", JSON.stringify({ rows: records })],
    ["one after another, spread over lines", records.map((each) => JSON.stringify(each, null, 2)).join("\n")],
  ])("%s", async (_how, text) => {
    const { rows, problems } = await readTable(text);
    expect(problems).toEqual([]);
    expect(rows).toMatchObject([{}, { pid: 4_711 }, { exitCode: 3, error: "HTTP 503" }]);
    expect(rows[1]?.startedAt).toBe("2025-01-01T00:00:00.000Z");
  });

  test("a broken line or element hides no other, and Python's NaN is nothing", async () => {
    const table = lines(
      '{"id": 1, "job": "a", "status": "done", "items": NaN}',
      '{"id": 2, "job": "a", "status": "do',
      '{"id": 3, "job": "a", "status": "done"}',
      "[1, 2]",
      '{"id": 4, "job": "a", "status": "done", "of": {"deep": [{"x": "}"}]}}',
    );
    const { rows, problems } = await readTable(table);
    expect(ids(rows)).toEqual(["1", "3", "4"]);
    expect(problems.map(({ row }) => row)).toEqual([2, 4]);
    expect(problems[0]?.problem).toMatch(/no JSON/);
  });
});

describe("FR-F7 what JSON holds is not changed", () => {
  test("ids beyond what JavaScript counts stay two, and times in nanoseconds are times", async () => {
    const table = lines(
      '{"id": 9007199254740992, "job": "a", "status": "done", "items": NaN}',
      '{"id": 9007199254740993, "job": "a", "status": "done", "started_at": 1740790800000000000}',
      '{"id": 12, "job": "a", "status": "done", "items": 3}',
    );
    const { rows } = await readTable(table);
    expect(ids(rows)).toEqual(["9007199254740992", "9007199254740993", "12"]);
    expect(rows[1]?.startedAt).toBe("2025-03-01T01:00:00.000Z");
    expect(rows[2]?.extracted).toBe(3);
  });

  test("a run with a list of objects in it is one row, and not its list's", async () => {
    const runs = [
      '{"_id":{"$oid":"65e1"},"spider":"books","status":"running","start":{"$date":"2025-03-01T00:00:00Z"},"errors":[{"msg":"x"}]}',
      '{"spider":"books","status":"failed","started":"2025-03-02T00:00:00Z","steps":[{"name":"fetch","status":"done"}]}',
      '{"spider":"books","exit_code":0,"started":"2025-03-03T00:00:00Z","errors":[{"msg":"x"}]}',
    ];
    for (const run of runs) {
      const { rows, problems } = await readTable(`${run}\n`, { map: { externalId: "_id|started" } });
      expect(problems).toEqual([]);
      expect(rows).toMatchObject([{ job: "books" }]);
    }
  });

  test("an object that holds runs is none, also where it has a name and a state, and also several of them", async () => {
    const run = (id: number) => ({ id, job: "a", status: "done" });
    const project = { project: "shop", status: "ok", jobs: [run(1), run(2)] };
    expect(ids((await readTable(JSON.stringify(project))).rows)).toEqual(["1", "2"]);
    const nodes = ["one", "two"].map((node_name, at) => ({
      node_name,
      status: "ok",
      running: [run(3 + at)],
    }));
    const { rows } = await readTable(nodes.map((each) => JSON.stringify(each)).join("\n"));
    expect(ids(rows)).toEqual(["3", "4"]);
    expect(rows.map(({ host }) => host)).toEqual(["one", "two"]);
  });
});
