import { describe, expect, test } from "vitest";
import type { JobView } from "@/lib/contracts/job";
import type { JobParameters } from "@/lib/domain/parameters";
import { aJob } from "@/test/factories";
import { readJobForm } from "./job-form";
import { changedOnly } from "./job-form-change";
import { EMPTY_JOB, toFormValues } from "./job-form-values";
import { NEW_PARAMETER, type ParameterRow, readParameterRows, toParameterRows } from "./parameter-rows";

const parameters: JobParameters = {
  type: "object",
  properties: {
    shop: {
      type: "string",
      title: "Shop",
      description: "Which\none",
      default: "a\nb",
      examples: ["x", "y"],
      minLength: 1,
      maxLength: 9,
    },
    region: { type: "string", default: "north", enum: ["north", "south"] },
    pages: { type: "integer", default: 3, examples: [4], minimum: 1, maximum: 10 },
    ratio: { type: "number", default: 0.5 },
    fast: { type: "boolean", default: false },
    since: { type: "string", default: "2026-11-29", format: "date" },
    apiKey: { type: "string", minLength: 8, format: "password", writeOnly: true },
  },
  required: ["shop", "apiKey"],
};

const row = (changes: Partial<ParameterRow>) => ({ ...NEW_PARAMETER, ...changes });
const job = { ...aJob({ parameters }), createdAt: "", updatedAt: "" } as unknown as JobView;

test("rows are read back as what they show, in their order", () => {
  const read = readParameterRows(toParameterRows(parameters));
  expect(read).toEqual({ parameters, problem: null });
  expect(Object.keys(read.parameters?.properties ?? {})).toEqual(Object.keys(parameters.properties));
  expect(readParameterRows(toParameterRows(null))).toEqual({ parameters: null, problem: null });
});

test("a row that nothing was typed into is none", () => {
  expect(readParameterRows([row({})])).toEqual({ parameters: null, problem: null });
});

test("what a kind does not have is left behind when it changes", () => {
  const shop = row({ name: "shop", kind: "password", preset: "x", options: "a", least: "8" });
  expect(readParameterRows([shop]).parameters?.properties.shop).toEqual({
    type: "string",
    minLength: 8,
    format: "password",
    writeOnly: true,
  });
});

describe("the form of a job", () => {
  const before = toFormValues(job);
  const edited = (rows: ParameterRow[]) => changedOnly({ ...before, parameters: rows }, before);

  test("sends nothing where nothing was touched, and all of them where one was", () => {
    expect(edited(structuredClone(before.parameters))).toEqual({});
    expect(edited([])).toEqual({ parameters: null });
    const [shop, ...others] = before.parameters;
    const renamed = edited([{ ...(shop ?? NEW_PARAMETER), title: "The shop" }, ...others]);
    expect(Object.keys(renamed.parameters?.properties ?? {})).toEqual(Object.keys(parameters.properties));
    expect(renamed.parameters).toMatchObject({ type: "object", required: parameters.required });
  });

  test("sends another order as a change", () => {
    const order = Object.keys(edited([...before.parameters].reverse()).parameters?.properties ?? {});
    expect(order).toEqual(Object.keys(parameters.properties).reverse());
  });

  test("says all that is wrong with them, a line each, and at the command what is wrong there", () => {
    const reading = readJobForm({
      ...EMPTY_JOB,
      id: "nightly",
      command: "crawl {{colour}}",
      parameters: [
        row({ name: "Shop" }),
        row({ name: "pages", kind: "integer", preset: "many" }),
        row({ name: "region", kind: "options" }),
      ],
    });
    const message = reading.ok ? "" : reading.issues.find(({ field }) => field === "parameters")?.message;
    expect(message?.split("\n")).toEqual([
      "Shop: expected a name of at most 40 letters, digits and _ that begins with a small letter.",
      "pages: default: expected a whole number, found a string.",
      'region: options: expected 1 to 200 different lines of 1 to 200 characters, such as ["north", "south"].',
    ]);
    const other = readJobForm({
      ...EMPTY_JOB,
      id: "nightly",
      command: "crawl {{colour}}",
      parameters: [row({ name: "shop" })],
    });
    expect(other).toMatchObject({
      ok: false,
      issues: [{ field: "command", message: "{{colour}} is no parameter of this job; it has shop" }],
    });
  });

  test.each([
    [[row({ kind: "integer" })], "A parameter needs a name."],
    [[row({ name: "a" }), row({ name: "a" })], "a: is there twice."],
  ])("refuses %j", (rows, message) => {
    const values = { ...EMPTY_JOB, id: "nightly", command: "crawl", parameters: rows };
    expect(readJobForm(values)).toMatchObject({ ok: false, issues: [{ field: "parameters", message }] });
  });
});
