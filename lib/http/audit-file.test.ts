import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { AuditView } from "@/lib/contracts/audit";
import type { AuditRow } from "@/lib/domain/ports/accounts";
import { T0 } from "@/test/factories";
import { auditFile, csvCell } from "./audit-file";

const ROW: AuditRow = {
  id: 7,
  at: T0,
  actor: "anna",
  action: "run.stopped",
  jobId: "shop",
  runId: null,
  reason: 'slow, "very"',
  details: { pid: 7, text: "a\nb" },
  via: "session",
  viaId: "ses_1",
  address: "192.0.2.7",
  outcome: "done",
};
const NOW = new Date(T0);

async function* rows(...given: readonly AuditRow[]): AsyncGenerator<AuditRow> {
  yield* given;
}

describe("a cell", () => {
  test.each([
    [null, ""],
    [undefined, ""],
    ["", ""],
    ["plain text", "plain text"],
    [7, "7"],
    [true, "true"],
    ["a,b", '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ["two\nlines", '"two\nlines"'],
    ["two\r\nlines", '"two\r\nlines"'],
    [{ pid: 7 }, '"{""pid"":7}"'],
    [[], "[]"],
    ["it's", `"it's"`],
  ])("with %j is %j", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  test.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\u0000=1",
    "\u00a0=1",
    "\u200b=1",
    "＝1",
    "＠x",
    "\tx",
    "\rx",
  ])("that a table program would take for a formula, %j, is text", (text) => {
    const cell = csvCell(text);
    expect(cell.replace(/^"/, "").startsWith("'")).toBe(true);
    expect(parse(cell, { relax_quotes: false })).toEqual([[`'${text}`]]);
  });

  test("is read back as what was written", () => {
    for (const text of ["a,b", 'x"y', "line\r\nline", "ü🐎", " blank ", "a'b", "\\"])
      expect(parse(`${csvCell(text)},end`)).toEqual([[text, "end"]]);
  });
});

describe("the audit as a file", () => {
  test("of CSV has the names of its columns first, and each row on a line of its own", async () => {
    const text = await auditFile(
      "csv",
      rows(ROW, { ...ROW, id: 6, reason: null, outcome: "refused" }),
      NOW,
    ).text();
    expect(text.startsWith("id,at,actor,action,outcome,job,run,reason,via,viaId,address,details\r\n")).toBe(
      true,
    );
    expect(parse(text, { columns: true })).toEqual([
      {
        id: "7",
        at: "2026-01-01T00:00:00.000Z",
        actor: "anna",
        action: "run.stopped",
        outcome: "done",
        job: "shop",
        run: "",
        reason: 'slow, "very"',
        via: "session",
        viaId: "ses_1",
        address: "192.0.2.7",
        details: '{"pid":7,"text":"a\\nb"}',
      },
      expect.objectContaining({ id: "6", outcome: "refused", reason: "" }),
    ]);
  });

  test("of JSON Lines has one view a line", async () => {
    const text = await auditFile("jsonl", rows(ROW, { ...ROW, id: 6 }), NOW).text();
    const views = text
      .trimEnd()
      .split("\n")
      .map((line) => AuditView.parse(JSON.parse(line)));
    expect(views.map(({ id }) => id)).toEqual([7, 6]);
    expect(text.endsWith("\n")).toBe(true);
  });

  test("without a row has the columns, or nothing", async () => {
    expect((await auditFile("csv", rows(), NOW).text()).split("\r\n")).toHaveLength(2);
    expect(await auditFile("jsonl", rows(), NOW).text()).toBe("");
  });

  test("is a download with its day in its name, and no cache keeps it", () => {
    const { headers } = auditFile("csv", rows(), NOW);
    expect(Object.fromEntries(headers)).toEqual({
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": 'attachment; filename="unstuck-audit-2026-01-01.csv"',
      "cache-control": "no-store",
    });
    expect(auditFile("jsonl", rows(), NOW).headers.get("content-type")).toBe(
      "application/jsonl; charset=utf-8",
    );
  });

  test("is read as it is taken, and no further when its reader leaves", async () => {
    let made = 0;
    let over = false;
    async function* many(): AsyncGenerator<AuditRow> {
      try {
        for (;;) {
          made += 1;
          yield ROW;
        }
      } finally {
        over = true;
      }
    }
    const reader = auditFile("jsonl", many(), NOW).body?.getReader();
    for (let piece = 0; piece < 3; piece += 1) await reader?.read();
    expect(made).toBeLessThan(6);
    await reader?.cancel();
    expect(over).toBe(true);
  });

  test("that breaks off is no whole file", async () => {
    async function* broken(): AsyncGenerator<AuditRow> {
      yield ROW;
      throw new Error("The disk is gone.");
    }
    await expect(auditFile("csv", broken(), NOW).text()).rejects.toThrow("The disk is gone.");
  });
});
