import { expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, aRun, jobId } from "@/test/factories";
import { getJob } from "./get-job";
import { pendingRestart } from "./pending-restart";
import { pendingResume } from "./pending-resume";

const note = (run: { id: ReturnType<typeof aRun>["id"] }, type: string, data = {}) => ({
  runId: run.id,
  type,
  data,
});

test("a restart is still to come after its delay until it was carried out, failed or called off", async () => {
  const ended = aRun("stopped", { cause: "restart" });
  const asked = note(ended, "restart_requested", { delayMs: 250, by: "anna" });
  expect(await pendingRestart(aContext({ runs: [ended], events: [asked] }), ended)).toEqual({
    delayMs: 250,
    by: "anna",
  });
  // Asked for before the name was written down.
  const before = note(ended, "restart_requested", { delayMs: 250 });
  expect(await pendingRestart(aContext({ runs: [ended], events: [before] }), ended)).toEqual({
    delayMs: 250,
    by: null,
  });
  expect(await pendingRestart(aContext({ runs: [ended] }), ended)).toBeNull();
  for (const word of ["restarted", "restart_failed", "restart_cancelled"])
    expect(
      await pendingRestart(aContext({ runs: [ended], events: [asked, note(ended, word)] }), ended),
    ).toBeNull();
});

test("no restart is to come of a run that is not over, or that ended otherwise", async () => {
  for (const run of [aRun("stopping", { cause: "restart" }), aRun("stopped")]) {
    const events = [note(run, "restart_requested", { delayMs: 250 })];
    expect(await pendingRestart(aContext({ runs: [run], events }), run)).toBeNull();
  }
});

test("what a shutdown ended is still to go on, until it did, could not or was called off", async () => {
  const job = aJob({ resumeAfterShutdown: true });
  const ended = aRun("interrupted", { cause: "shutdown" });
  expect(await pendingResume(aContext({ jobs: [job], runs: [ended] }), ended)).toBe(true);
  for (const word of ["resumed", "resume_failed", "resume_cancelled"])
    expect(
      await pendingResume(aContext({ jobs: [job], runs: [ended], events: [note(ended, word)] }), ended),
    ).toBe(false);
});

test("nothing goes on after a shutdown that its job does not want, or that is not the newest, or ended otherwise", async () => {
  const job = aJob({ resumeAfterShutdown: true });
  const ended = aRun("interrupted", { cause: "shutdown" });
  const killed = aRun("interrupted");
  const all = [
    [aContext({ jobs: [aJob()], runs: [ended] }), ended],
    [aContext({ jobs: [{ ...job, enabled: false }], runs: [ended] }), ended],
    [aContext({ jobs: [job], runs: [ended, aRun("completed")] }), ended],
    [aContext({ jobs: [job], runs: [killed] }), killed],
    [aContext(), ended],
  ] as const;
  for (const [ctx, run] of all) expect(await pendingResume(ctx, run)).toBe(false);
});

test("a job is found by its id, or refused with where to look", async () => {
  const job = aJob();
  const ctx = aContext({ jobs: [job] });
  expect(await getJob(ctx, job.id)).toEqual(job);
  const { message, details } = await expectRefusal(ctx, "JOB_NOT_FOUND", () => getJob(ctx, jobId("nobody")));
  expect(message).toContain("GET /api/v1/jobs");
  expect(details).toEqual({ job: "nobody" });
});
