import { describe, expect, it } from "vitest";
import type { RunView } from "@/lib/contracts/run";
import { liveCounts } from "@/lib/domain/attention";
import { needsAttention } from "./attention";
import { aRunView, aStatusView } from "./run-view.fixture";

const NOW = Date.parse("2026-01-01T00:10:00.000Z");
const active = (job: string, health: "healthy" | "late" | "silent" | "orphaned" | "overdue" | "stuck") =>
  aStatusView(aRunView({ job, state: "running", endedAt: null, health }));
const ended = (
  job: string,
  state: "failed" | "completed" | "interrupted" | "stopped",
  endedAt = "2026-01-01T00:01:00.000Z",
) => aStatusView(aRunView({ job, state, endedAt }));

describe("needsAttention", () => {
  it("puts what is stuck before what failed before what is late, and leaves out what is well", () => {
    const items = [
      active("late", "late"),
      ended("failed", "failed"),
      active("fine", "healthy"),
      active("stuck", "stuck"),
      active("silent", "silent"),
      ended("done", "completed"),
      ended("stopped", "stopped"),
      aStatusView(null, { job: "never" }),
    ];
    expect(needsAttention(items, NOW).map(({ status }) => status.job)).toEqual([
      "stuck",
      "silent",
      "failed",
      "late",
    ]);
  });

  it("names a job that runs outside once, after what broke, and not while a run of ours is active", () => {
    const foreign = {
      pid: 4712,
      command: "crawl",
      startedAt: "2026-01-01T00:05:00.000Z",
      certain: true,
      stopping: false,
    };
    const items = [
      active("late", "late"),
      { ...ended("outside", "failed"), foreign },
      { ...active("both", "healthy"), foreign },
      ended("interrupted", "interrupted"),
    ];
    expect(needsAttention(items, NOW)).toMatchObject([
      { kind: "run", status: { job: "interrupted" } },
      { kind: "outside", status: { job: "outside" }, foreign: { pid: 4712 } },
      { kind: "run", status: { job: "late" } },
    ]);
  });

  it("forgets a failure after a day", () => {
    expect(needsAttention([ended("old", "failed", "2025-12-30T00:00:00.000Z")], NOW)).toEqual([]);
  });
});

describe("runs that nobody has decided on", () => {
  const old = "2025-12-01T00:00:00.000Z";
  const undecided = (job: string, over: Partial<RunView>) =>
    aStatusView(aRunView({ job, state: "interrupted", endedAt: old, unsettled: true, ...over }));
  const items = [
    undecided("dead", { verdict: "dead" }),
    undecided("goes on", { state: "failed", verdict: "resumable" }),
    undecided("over", { state: "failed", verdict: "dead" }),
    undecided("decided", { unsettled: false, verdict: "resumable" }),
  ];

  it("stay on the list however old they are, unless there is nothing to decide", () => {
    expect(needsAttention(items, NOW).map(({ status }) => status.job)).toEqual(["goes on", "dead"]);
  });

  it("are counted by what can be done with them", () => {
    expect(liveCounts(items, NOW)).toMatchObject({ resumable: 1, dead: 1, failed: 0 });
  });
});

describe("liveCounts", () => {
  it("UX-A4 counts each run once, a living one that hangs as stuck and never as dead", () => {
    const lately = "2026-01-01T00:05:00.000Z";
    const left = (verdict: "dead" | "resumable" | "unknown") =>
      aStatusView(aRunView({ state: "interrupted", endedAt: lately, unsettled: true, verdict }));
    const items = [
      active("hang", "stuck"),
      active("late", "late"),
      active("well", "healthy"),
      left("dead"),
      left("resumable"),
      left("unknown"),
      ended("failed", "failed"),
    ];
    const counts = liveCounts(items, NOW);
    expect(counts).toMatchObject({ stuck: 1, late: 1, healthy: 1, dead: 1, resumable: 1, failed: 2 });
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(items.length);
  });

  it("counts each active run by its health, and recent failures", () => {
    const items = [
      active("a", "healthy"),
      active("b", "late"),
      active("c", "orphaned"),
      active("d", "overdue"),
      ended("e", "interrupted"),
    ];
    const queued = aStatusView(aRunView({ state: "queued", endedAt: null, health: "healthy" }));
    expect(liveCounts([...items, queued], NOW)).toEqual({
      healthy: 1,
      waiting: 1,
      late: 1,
      silent: 0,
      stuck: 2,
      resumable: 0,
      dead: 0,
      failed: 1,
    });
  });
});
