import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSource } from "./open-file.mjs";
import { type ImportPlan, planOf, type Said } from "./plan.mjs";
import { type Form, lookAtForm, rowsOf } from "./records.mjs";
import { toRow } from "./row.mjs";
import { stateMapOf } from "./states.mjs";
import { surveyOf } from "./survey.mjs";
import { zoneOf } from "./zone.mjs";

export type Read = {
  rows: Record<string, unknown>[];
  problems: { row: number; problem: string }[];
  plan: ImportPlan;
  form: Form;
  encoding: string;
  /** `column → field (sureness)` of every column that is used. */
  became: Record<string, string>;
};

export type Options = {
  stateMap?: string[];
  map?: Record<string, string>;
  timezone?: string;
  dates?: "dmy" | "mdy";
  createJobs?: boolean;
  delimiter?: string;
};

/** What import-runs would hand over of a file. */
export async function readFile(path: string, options: Options = {}): Promise<Read> {
  const said: Said = {
    map: new Map(Object.entries(options.map ?? {})),
    states: stateMapOf(options.stateMap ?? []).states,
    zone: options.timezone === undefined ? null : zoneOf(options.timezone),
    order: options.dates ?? null,
    createJobs: options.createJobs ?? false,
  };
  const source = await openSource(path);
  try {
    const form = await lookAtForm(source, options.delimiter ?? null);
    const survey = await surveyOf(source, form, said.states);
    const plan = planOf(survey, said);
    const rows: Read["rows"] = [];
    const problems: Read["problems"] = [];
    for await (const given of rowsOf(source, form)) {
      const made =
        "problem" in given ? { ok: false as const, problem: given.problem } : toRow(given.record, plan);
      if (made.ok) rows.push(made.row);
      else problems.push({ row: given.number, problem: made.problem });
    }
    const became = Object.fromEntries(
      [...plan.readers].map(([field, { columns, sure }]) => [
        field,
        `${columns.map((joined) => joined.join("+")).join("|")} (${sure})`,
      ]),
    );
    return { rows, problems, plan, form, encoding: source.encoding, became };
  } finally {
    source.close();
  }
}

/** The same of a text, or of bytes. */
export async function readTable(content: string | Uint8Array, options: Options = {}): Promise<Read> {
  const folder = mkdtempSync(join(tmpdir(), "unstuck-import-test-"));
  try {
    const path = join(folder, "table");
    writeFileSync(path, content);
    return await readFile(path, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
