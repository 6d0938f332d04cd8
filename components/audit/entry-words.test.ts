import { describe, expect, it } from "vitest";
import type { AuditView } from "@/lib/contracts/audit";
import { targetsOf, viaInWords } from "./entry-words";

const anEntry = (entry: Partial<AuditView>): AuditView => ({
  id: 1,
  at: "2026-11-28T10:00:00.000Z",
  actor: "alice",
  action: "job.changed",
  job: null,
  run: null,
  reason: null,
  details: {},
  via: "session",
  viaId: null,
  address: null,
  outcome: "done",
  ...entry,
});
const titleOf = (job: string) => (job === "nightly" ? "Nightly prices" : null);
const labels = (entry: Partial<AuditView>) => targetsOf(anEntry(entry), titleOf).map(({ label }) => label);

describe("what something was done to", () => {
  it("is the job and the run, with links to what there still is", () => {
    expect(targetsOf(anEntry({ job: "nightly", run: "run_1" }), titleOf)).toEqual([
      { label: "Nightly prices", href: "/jobs/nightly" },
      { label: "run_1", href: "/runs/run_1" },
    ]);
    expect(targetsOf(anEntry({ job: "gone", run: "run_1", action: "run.deleted" }), titleOf)).toEqual([
      { label: "gone", href: null },
      { label: "run_1", href: null },
    ]);
  });

  it("is a plan, a lock, a limit, a user or a token where the details name one", () => {
    expect(targetsOf(anEntry({ details: { planId: "pln_1" } }), titleOf)).toEqual([
      { label: "the plan", href: "/cleanups/pln_1" },
    ]);
    expect(labels({ details: { lock: "yahoo", fence: 3 } })).toEqual(["lock yahoo"]);
    expect(labels({ details: { name: "tag:shop", maxRuns: 4 } })).toEqual(["tag:shop: 4"]);
    expect(labels({ details: { name: "tag:shop" } })).toEqual(["tag:shop"]);
    expect(labels({ details: { user: "bob" } })).toEqual(["bob"]);
    expect(labels({ details: { user: "alice" } })).toEqual([]);
    expect(labels({ details: { token: "nightly ci", id: "tok_1" } })).toEqual(["nightly ci"]);
  });

  it("is what was refused, and why", () => {
    expect(labels({ details: { method: "POST", path: "/api/v1/jobs" } })).toEqual(["POST /api/v1/jobs"]);
    expect(labels({ details: { why: "wrong password" } })).toEqual(["wrong password"]);
    expect(labels({ details: null })).toEqual([]);
  });
});

describe("by what it was asked", () => {
  it("is said of each way", () => {
    expect(viaInWords({ via: "session", actor: "alice" }).short).toBe("session");
    expect(viaInWords({ via: "open", actor: "operator" }).short).toBe("accounts off");
    expect(viaInWords({ via: "pigeon", actor: "alice" }).short).toBe("pigeon");
  });

  it("is nothing for what Unstuck did by itself, and unknown from before there were accounts", () => {
    expect(viaInWords({ via: null, actor: "system" }).short).toBe("by itself");
    expect(viaInWords({ via: null, actor: "operator" }).long).toContain("before there were accounts");
  });
});
