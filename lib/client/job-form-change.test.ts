import { describe, expect, test } from "vitest";
import type { JobView } from "@/lib/contracts/job";
import { aJob } from "@/test/factories";
import { readJobForm } from "./job-form";
import { changedOnly } from "./job-form-change";
import { type JobFormValues, toFormValues } from "./job-form-values";

const PEM = "-----BEGIN KEY-----\r\nab=\n-----END KEY-----\n";
const job = aJob({
  env: { PEM, JSON: '{"a":"b"}', EMPTY: "" },
  envSecret: ["TOKEN"],
  envFrom: { A: "file:/a", B: "env:B" },
  checkpoint: "state.json",
  stuckAfterMs: 3_600_000,
  limits: { memoryBytes: 512_000_000, openFiles: 64, nice: null },
});
const before = toFormValues({ ...job, createdAt: "", updatedAt: "" } as unknown as JobView);
const edited = (over: Partial<JobFormValues>) => changedOnly({ ...structuredClone(before), ...over }, before);

describe("FR-F5 saving a form sends what was touched", () => {
  test("and nothing where nothing was", () => expect(edited({})).toEqual({}));

  test("and only the title where only that was", () => {
    expect(edited({ title: "Other" })).toEqual({ title: "Other" });
  });

  test("and only the part of a setting that was", () => {
    expect(edited({ silenceMs: "5 min", openFiles: "" })).toEqual({
      timeouts: { silenceMs: 300_000 },
      limits: { openFiles: null },
    });
    expect(edited({ checkpoint: "" })).toEqual({ checkpoint: null });
  });

  test("and a short threshold with its tick", () => {
    expect(edited({ stuckAfterMs: "2 h" })).toEqual({ stuckAfterMs: 7_200_000, allowShort: true });
    expect(edited({ title: "Other", allowShort: false })).toEqual({ title: "Other" });
  });

  test("and all places of values where one was, since they are replaced as a whole", () => {
    expect(edited({ envFrom: "A=file:/other\nB=env:B" })).toEqual({
      envFrom: { A: "file:/other", B: "env:B" },
    });
    expect(edited({ envFrom: "B=env:B" })).toEqual({ envFrom: { B: "env:B" } });
    expect(edited({ envFrom: "" })).toEqual({ envFrom: {} });
  });

  test("and the variables that were", () => {
    const env = before.env.map((row) => (row.name === "EMPTY" ? { ...row, value: "x" } : { ...row }));
    expect(edited({ env })).toEqual({ env: { EMPTY: "x" } });
  });

  test("also where something that was not touched is shown in a way that cannot be read back", () => {
    const odd = { ...before, silenceMs: "for ever" };
    expect(readJobForm({ ...odd, title: "Other" }, odd).ok).toBe(true);
    expect(changedOnly({ ...odd, title: "Other" }, odd)).toEqual({ title: "Other" });
    expect(readJobForm({ ...before, silenceMs: "for ever" }, before).ok).toBe(false);
  });
});
