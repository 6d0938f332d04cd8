import { expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, aRun, jobId } from "@/test/factories";
import { execJob } from "./exec-job";

const TERMINAL = { argv: ["node", "x.mjs"], cwd: "/home/me", pid: 900 };

test("a run by hand is queued under the job's locks with the terminal's program, and knows who will launch it", async () => {
  const job = aJob({ locks: ["site"], cwd: "/srv/current" });
  const ctx = aContext({
    jobs: [job],
    identify: (pid) => ({ pid, startTicks: 33 }),
    realFolder: async (path) => `${path}/7`,
  });
  const run = await execJob(ctx, job.id, { ...TERMINAL, reason: "Try." });
  expect(run).toMatchObject({ trigger: "exec", state: "queued" });
  expect(run.spec).toMatchObject({ argv: TERMINAL.argv, cwd: "/home/me", locks: ["site"] });
  expect(run.spec.byHand).toMatchObject({ caller: { pid: 900, startTicks: 33 } });
  expect((await ctx.fencesOf(run.id)).map(({ name }) => name)).toEqual(["job:nightly", "shared:site"]);
  expect(ctx.saved.audits).toMatchObject([{ action: "run.start_requested", reason: "Try." }]);
});

test("it is refused beside an active run, and for no job", async () => {
  const running = aRun("running");
  const ctx = aContext({ runs: [running] });
  await expectRefusal(ctx, "RUN_ALREADY_ACTIVE", () => execJob(ctx, running.jobId, TERMINAL));
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => execJob(ctx, jobId("nobody"), TERMINAL));
});
