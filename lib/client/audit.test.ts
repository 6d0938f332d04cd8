import { describe, expect, it } from "vitest";
import type { AuditView } from "@/lib/contracts/audit";
import { auditFilter, countNewer, exportHref } from "./audit";

describe("the filter in the address", () => {
  it("is taken as it stands", () => {
    const params = {
      actor: "alice",
      action: "run.",
      job: "nightly",
      outcome: "refused",
      since: "2026-11-27T23:00:00.000Z",
      until: "2026-11-28T23:00:00.000Z",
    };
    expect(auditFilter(params)).toEqual(params);
  });

  it("leaves out what cannot be one, and keeps the rest", () => {
    const params = {
      actor: "",
      action: "Run!",
      job: null,
      outcome: "maybe",
      since: "yesterday",
      until: ["a"],
    };
    expect(auditFilter({ ...params, actor: "bob" })).toEqual({ actor: "bob" });
    expect(auditFilter(params)).toEqual({});
  });
});

describe("the download", () => {
  it("carries the filter", () => {
    expect(exportHref({}, "csv")).toBe("/api/v1/audit/export?format=csv");
    expect(exportHref({ action: "run.", actor: "a b" }, "jsonl")).toBe(
      "/api/v1/audit/export?format=jsonl&action=run.&actor=a+b",
    );
  });
});

describe("what came since the list was loaded", () => {
  const entry = (id: number) => ({ id }) as AuditView;
  it("is counted by its id", () => {
    expect(countNewer([entry(5), entry(4)], [entry(7), entry(6), entry(5)])).toBe(2);
    expect(countNewer([], [entry(1)])).toBe(1);
    expect(countNewer([entry(5)], [])).toBe(0);
  });
});
