import { describe, expect, test } from "vitest";
import { parseJobId, RESERVED_JOB_IDS } from "@/lib/domain/ids";
import { RUN_STATES } from "@/lib/domain/run";
import { readTable } from "./read-table.fixture";
import { STATES, stateMapOf, stateOf } from "./states.mjs";
import { externalIdOf, jobIdOf, plain, quotedForShell, textOf } from "./words.mjs";

const none = new Map<string, string>();

describe("FR-F6 words in every script keep their identity", () => {
  test("as states that are said, in whatever order", async () => {
    const table = "id,job,status\n1,a,甲完\n2,a,乙败\n3,a,丙跑\n4,a,⏸\n5,a,⏳\n";
    const pairs = ["甲完=completed", "乙败=failed", "丙跑=running", "⏸=stopped", "⏳=queued"];
    for (const stateMap of [pairs, pairs.toReversed()]) {
      const { rows } = await readTable(table, { stateMap });
      expect(rows.map(({ state }) => state)).toEqual(["completed", "failed", "running", "stopped", "queued"]);
    }
  });

  test("as states that are known, with titles in that language", async () => {
    const { rows, problems } = await readTable(
      "编号,任务,状态,开始时间,结束时间\n1,京东,已完成,2025-01-01 00:00:00,2025-01-01 01:00:00\n2,淘宝,失败,2025年1月2日 03:04:05,\n3,京东,运行中,2025-01-03,\n",
    );
    expect(problems).toEqual([]);
    expect(rows.map(({ state }) => state)).toEqual(["completed", "failed", "running"]);
    expect(rows[0]?.job).toBe(rows[2]?.job);
    expect(rows[0]?.job).not.toBe(rows[1]?.job);
    expect(rows[1]).toMatchObject({ startedAt: "2025-01-02T03:04:05.000Z" });
    for (const [word, state] of [
      ["Выполняется", "running"],
      ["завершён", "completed"],
      ["Завершено", "completed"],
      ["Fehlgeschlagen", "failed"],
      ["✔️", "completed"],
      ["❌", "failed"],
      ["en cours", "running"],
    ] as const)
      expect(stateOf(word, none), word).toBe(state);
  });

  test("as names of jobs, which become ids of their own", () => {
    const names = [
      "京东爬虫",
      "淘宝爬虫",
      "Магазин",
      "магазины",
      "متجر",
      "店",
      "shop 京东",
      "shop 淘宝",
      "हिंदी",
      "हिंद",
    ];
    const ids = names.map((name) => jobIdOf(name) ?? "");
    expect(new Set(ids).size).toBe(names.length);
    for (const id of ids) expect(parseJobId(id), id).toBe(id);
    expect(jobIdOf("京东爬虫 ")).toBe(jobIdOf("京东爬虫"));
  });
});

test("names become ids that a job may have", () => {
  const IDS = [
    ["My Shop (DE)", "my-shop-de"],
    ["Größe_Übersicht", "groesse_uebersicht"],
    ["Café", "cafe"],
    ["--x--", "x"],
    ["!!!", undefined],
    ["logs", "logs-job"],
  ] as const;
  for (const [name, id] of IDS) expect(jobIdOf(name), name).toBe(id);
  for (const reserved of [...RESERVED_JOB_IDS, "unstuck.db-wal", "instance.lock", "unstuck.sock"])
    expect(parseJobId(jobIdOf(reserved) ?? ""), reserved).not.toBeNull();
  const [one, two] = ["a", "b"].map((end) => jobIdOf(`${"long ".repeat(30)}${end}`) ?? "");
  expect(one).not.toBe(two);
  expect(parseJobId(one ?? "")).toBe(one);
  expect(externalIdOf("x".repeat(300))).toHaveLength(200);
});

test("states are those of the domain, and a word has one meaning", () => {
  expect(new Set(STATES)).toEqual(new Set(RUN_STATES));
  expect(stateOf("IN_PROGRESS", none)).toBe("running");
  expect(stateOf("Timeout - Auto-cleaned", none)).toBe("cleaned");
  expect(stateOf("UP_FOR_RETRY", none)).toBe("queued");
  for (const [word, state] of [
    ["exit 0", "completed"],
    ["exited (137)", "failed"],
    ["rc=-9", "failed"],
    ["Exit status 1", "failed"],
    ["exit", undefined],
  ] as const)
    expect(stateOf(word, none), word).toBe(state);
});

test("what is said wins over what is known, also about an empty state and one with a = in it", async () => {
  const { states, problems } = stateMapOf(["running=interrupted", "a=b=failed", "=queued"]);
  expect(problems).toEqual([]);
  expect(stateOf("Running", states)).toBe("interrupted");
  expect(stateOf("a=b", states)).toBe("failed");
  expect(stateMapOf(["x=y"]).problems.join()).toMatch(/expected theirs=ours with one of/);
  const { rows } = await readTable("id,job,state\n1,a,\n2,a,done\n", { stateMap: ["=queued"] });
  expect(rows.map(({ state }) => state)).toEqual(["queued", "completed"]);
});

test("words that are not known are asked for with an option a shell takes", async () => {
  const { plan, problems } = await readTable(
    "id,job,status\n1,a,HANGING\n2,a,finished with errors\n3,a,HANGING\n4,a,it's odd\n5,a,done\n6,a,done\n7,a,done\n8,a,done\n9,a,done\n",
  );
  expect(plan.unknownWords).toEqual([
    { word: "HANGING", rows: 2, option: "--state-map HANGING=failed" },
    { word: "finished with errors", rows: 1, option: "--state-map 'finished with errors=completed'" },
    { word: "it's odd", rows: 1, option: `--state-map 'it'\\''s odd=failed'` },
  ]);
  expect(problems).toHaveLength(4);
  expect(quotedForShell("a=b")).toBe("a=b");
});

test("what stands for nothing is nothing, and what Mongo's shell writes around a value is not part of it", () => {
  for (const nothing of ["", " ", "NULL", "None", "NaN", "\\N", "N/A", "-", null, undefined])
    expect(textOf(nothing)).toBeNull();
  expect(textOf('ObjectId("65e1")')).toBe("65e1");
  expect(textOf("NumberLong(7)")).toBe("7");
  expect(textOf({ a: 1 })).toBe('{"a":1}');
  expect(plain("Ｓｕｃｃｅｓｓ")).toBe("success");
});
