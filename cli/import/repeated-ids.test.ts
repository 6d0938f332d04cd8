import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Context } from "../program.mjs";
import { openSource } from "./open-file.mjs";
import { planOf } from "./plan.mjs";
import { lookAtForm } from "./records.mjs";
import { repeatedIds } from "./repeated-ids.mjs";
import { sendRows } from "./send-rows.mjs";
import { surveyOf } from "./survey.mjs";

/** What of a table is handed over to a dashboard that takes everything, and what the command says of the rest. */
async function sent(table: string, map: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "unstuck-import-test-"));
  try {
    writeFileSync(join(folder, "runs.csv"), table);
    const source = await openSource(join(folder, "runs.csv"));
    const form = await lookAtForm(source, null);
    const said = { map: new Map(Object.entries(map)), states: new Map(), zone: null, order: null };
    const survey = await surveyOf(source, form, said.states);
    const plan = planOf(survey, { ...said, createJobs: false });
    const repeated = await repeatedIds({ source, form, plan }, survey);
    const rows: Record<string, unknown>[] = [];
    const call = async (_method: string, _path: string, { body }: { body: { rows: typeof rows } }) => {
      rows.push(...body.rows);
      const none = { already: 0, refused: [], zombies: {}, zoneHints: [], jobs: [], items: [] };
      return { dryRun: true, imported: body.rows.length, ...none };
    };
    const context = { dashboard: { call }, screen: { note: () => {} } } as unknown as Context;
    const more = { createJobs: false, assumeOver: false, zoneIsSure: false };
    const total = await sendRows(context, { source, form, name: "old", plan, repeated, more }, true);
    return { rows: rows.map(({ externalId, state }) => `${externalId} ${state}`), total };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const lines = (...rows: string[]) => `${rows.join("\n")}\n`;

test("FR-F6 of rows with one id the first that is over counts, and the others are refused by their numbers and not called imported", async () => {
  const { rows, total } = await sent(
    lines(
      "id,job,status,pid",
      "17,a,queued,",
      "17,a,running,4711",
      "17,a,completed,",
      "18,a,failed,",
      "17,a,failed,",
      "19,a,running,4712",
    ),
  );
  expect(rows).toEqual(["a/17 completed", "a/18 failed", "a/19 running"]);
  expect(total).toMatchObject({ rows: 6, imported: 3, already: 0, refusedCount: 3, repeatedCount: 3 });
  expect(total.refused.map(({ row }) => row)).toEqual([1, 2, 5]);
  expect(total.refused[1]?.problem).toMatch(/another row has its id \(a\/17\).*one row for each run/);
});

test("FR-F6 a run of which all rows are active is not taken over by any of them", async () => {
  const { rows, total } = await sent(lines("id,job,status", "1,a,queued", "1,a,running", "2,b,done"));
  expect(rows).toEqual(["b/2 completed"]);
  expect(total).toMatchObject({ refusedCount: 2, repeatedCount: 2 });
});

test("FR-F6 ids of which nothing was counted before are looked at all the same", async () => {
  const { rows, total } = await sent(lines("nr,who,status", "x1,a,done", "x1,a,running", "x2,a,done"), {
    externalId: "nr",
    job: "who",
  });
  expect(rows).toEqual(["x1 completed", "x2 completed"]);
  expect(total).toMatchObject({ repeatedCount: 1 });
});
