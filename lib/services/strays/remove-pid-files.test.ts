import { expect, test } from "vitest";
import type { PidFileSight } from "@/lib/domain/pid-file";
import { aContext } from "@/test/a-context";
import { aJob, jobId, runId, T0 } from "@/test/factories";
import { removePidFiles } from "./remove-pid-files";

const STALE: PidFileSight = { found: "stale", why: "process 41 is gone", pid: 41 };
const PATH = "/run/nightly.pid";
const job = aJob({ cwd: "/run", pidFile: "nightly.pid" });

/** A job whose pid file looks like that, and what was removed. */
function given(sight: PidFileSight, isStaleStill = true) {
  const removed: unknown[] = [];
  const ctx = aContext({
    jobs: [job],
    seePidFile: async (_path, fresh) => (fresh ? sight : { found: "nothing" }),
    removeStalePidFile: async (path, doubtfulToo) => {
      if (isStaleStill) removed.push([path, doubtfulToo]);
      return isStaleStill;
    },
  });
  return { ctx, removed };
}

test("a stale pid file of a job is removed, and the audit says who asked for it and why", async () => {
  const { ctx, removed } = given(STALE);
  expect(await removePidFiles(ctx, { paths: [PATH, PATH], reason: "Left by a crash." })).toEqual({
    removed: [PATH],
    kept: [],
  });
  expect(removed).toEqual([[{ path: PATH, runAs: null }, false]]);
  expect(ctx.saved.audits).toMatchObject([
    {
      actor: "operator",
      action: "pid_file.remove_requested",
      reason: "Left by a crash.",
      details: { paths: [PATH] },
    },
  ]);
});

test("no path that is not some job's pid file is looked at or removed, nor audited", async () => {
  const { ctx, removed } = given(STALE);
  const kept = [{ path: "/etc/passwd", why: "it is no job's pid file" }];
  expect(await removePidFiles(ctx, { paths: ["/etc/passwd"] })).toEqual({ removed: [], kept });
  expect(removed).toEqual([]);
  expect(ctx.saved.audits).toEqual([]);
});

const foreign = {
  identity: { pid: 41, startTicks: 9 },
  command: "python bot.py",
  startedAt: T0,
  certain: true,
  doubt: null,
};
const KEPT: readonly (readonly [PidFileSight, string])[] = [
  [{ found: "nothing" }, "there is no such file"],
  [{ found: "refused", why: "it is a link" }, "it is a link"],
  [{ found: "unanswered", why: "the server does not answer" }, "the server does not answer"],
  [
    { found: "ours", pid: 41, runId: runId("run_1"), jobId: jobId("nightly") },
    "it names process 41 of run_1",
  ],
  [{ found: "foreign", process: foreign }, "it names process 41 (python bot.py), which lives"],
];

test.each(KEPT)("what is not stale by now is kept, and it is said why (%j)", async (sight, why) => {
  const { ctx, removed } = given(sight);
  expect(await removePidFiles(ctx, { paths: [PATH] })).toEqual({ removed: [], kept: [{ path: PATH, why }] });
  expect(removed).toEqual([]);
});

test("one that is written anew between the look and the removal is kept", async () => {
  const { ctx } = given(STALE, false);
  const { removed, kept } = await removePidFiles(ctx, { paths: [PATH] });
  expect(removed).toEqual([]);
  expect(kept).toEqual([{ path: PATH, why: "it was changed meanwhile; look again" }]);
});
