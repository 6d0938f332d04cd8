import { expect, test } from "vitest";
import type { JobKind } from "@/lib/domain/job";
import type { Job as JobRow, Run as RunRow } from "@/lib/store/generated/client";
import { fromJob, toJob } from "@/lib/store/job-rows";
import { fromRun, toRun } from "@/lib/store/rows";
import { aJob, aRun } from "@/test/factories";

const timeouts = { startMs: 1_000, silenceMs: 1_000, maxDurationMs: null, stopGraceMs: 7_000 };

/** As a version before there were profiles wrote them. */
function earlier(kind: JobKind) {
  const job = aJob({ kind, timeouts });
  const run = aRun("running");
  const spec = { ...run.spec, kind, timeouts, signals: undefined };
  return {
    job: toJob({ ...fromJob(job), signals: "{}", newestRunId: null, deletingSince: null } as JobRow),
    run: toRun({ ...fromRun(run, true), spec: JSON.stringify(spec) } as RunRow),
  };
}

test("FR-A2 jobs and runs of an earlier version are asked as they were, and crawls no longer through their wrappers", () => {
  const step = (signal: string) => [{ signal, waitMs: 7_000 }];
  for (const [kind, to, signal] of [
    ["command", "tree", "SIGTERM"],
    ["scrapy", "program", "SIGINT"],
    ["crawlee", "program", "SIGINT"],
  ] as const) {
    const { job, run } = earlier(kind);
    expect(job.signals, kind).toEqual({ to, sequence: step(signal) });
    expect(run.spec.signals, kind).toEqual({ to, sequence: step(signal) });
  }
});
