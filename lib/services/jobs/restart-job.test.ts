import { describe, expect, test } from "vitest";
import { AppError, type ErrorCode } from "@/lib/domain/errors";
import { insist } from "@/lib/domain/insist";
import type { Job } from "@/lib/domain/job";
import type { Run } from "@/lib/domain/run";
import { startJob } from "@/lib/services/commands/start-job";
import { aContext, wordsOf } from "@/test/a-context";
import { aJob, aRun } from "@/test/factories";
import { finishRestart, restartJob } from "./restart-job";
import { resumeAfterShutdown } from "./resume-after-shutdown";

/** As the chore does it: until it is done. */
async function untilDone(work: () => Promise<void>): Promise<number> {
  let failures = 0;
  const how = {
    signal: new AbortController().signal,
    pause: async () => {},
    failed: () => {
      failures += 1;
      if (failures > 20) throw new Error("It never gets done.");
    },
  };
  await insist(how, work);
  return failures;
}

type Noted = {
  readonly runId: Run["id"];
  readonly type: string;
  readonly data: { readonly delayMs: number };
};
type Failing = { readonly enqueue?: ErrorCode[]; readonly note?: ErrorCode[] };

/** @param failing with which codes the next writes fail, one each */
function given(ended: Run, failing: Failing = {}, job: Job = aJob(), events: Noted[] = []) {
  const ctx = aContext({ jobs: [job], runs: [ended], events });
  const failNow = (codes: ErrorCode[] = []) => {
    const code = codes.shift();
    if (code !== undefined) throw new AppError(code, `${code}.`);
  };
  const enqueueRun: typeof ctx.enqueueRun = async (...asked) => {
    failNow(failing.enqueue);
    return ctx.enqueueRun(...asked);
  };
  const noteEvent: typeof ctx.noteEvent = async (...note) => {
    failNow(failing.note);
    return ctx.noteEvent(...note);
  };
  const failingCtx = { ...ctx, enqueueRun, noteEvent, wait: async () => {} };
  return { ctx: failingCtx, ended, saved: ctx.saved, words: () => wordsOf(ctx, ended.id) };
}

function endedForRestart(failing: Failing = {}) {
  const ended = aRun("stopped", { cause: "restart" });
  return given(ended, failing, aJob(), [
    { runId: ended.id, type: "restart_requested", data: { delayMs: 0 } },
  ]);
}

describe("CR-6.2 a restart", () => {
  test.each<ErrorCode>(["DATABASE_LOCKED", "DISK_FULL", "SUPERVISOR_UNAVAILABLE"])(
    "whose start meets %s is done once that has passed, and is not noted as failed",
    async (code) => {
      const { ctx, saved, words, ended } = endedForRestart({ enqueue: [code, code] });
      expect(await untilDone(() => finishRestart(ctx, ended))).toBe(2);
      expect(saved.runs.size).toBe(2);
      expect(words()).toEqual(["restart_requested", "restarted"]);
    },
  );

  test("that has succeeded is never noted as failed, whatever is written after it", async () => {
    const { ctx, saved, words, ended } = endedForRestart({ note: ["DATABASE_LOCKED", "DATABASE_LOCKED"] });
    await untilDone(() => finishRestart(ctx, ended));
    expect(saved.runs.size).toBe(2);
    expect(words()).toEqual(["restart_requested", "restarted"]);
  });

  test("that is refused is noted as failed, with the reason, however often that cannot be written", async () => {
    const { ctx, saved, words, ended } = endedForRestart({
      enqueue: ["JOB_DISABLED", "JOB_DISABLED", "JOB_DISABLED"],
      note: ["DATABASE_LOCKED", "DATABASE_LOCKED"],
    });
    await untilDone(() => finishRestart(ctx, ended));
    expect(words()).toEqual(["restart_requested", "restart_failed"]);
    expect(saved.events.at(-1)?.data).toEqual({ code: "JOB_DISABLED", reason: "JOB_DISABLED." });
  });

  test("starts nothing once the job has had another run", async () => {
    const { ctx, saved, words, ended } = endedForRestart();
    const other = await startJob(ctx, ended.jobId, { trigger: "manual" });
    await ctx.applyEvent(other.id, { type: "stop_requested", cause: "stop", graceMs: 0, reason: null });
    await untilDone(() => finishRestart(ctx, ended));
    expect(saved.runs.size).toBe(2);
    expect(words()).toEqual(["restart_requested", "restart_failed"]);
  });

  test("is started by the next dashboard when this one goes down over a locked database", async () => {
    const { ctx, saved, ended } = endedForRestart({ enqueue: ["DATABASE_LOCKED"] });
    await expect(finishRestart(ctx, ended)).rejects.toMatchObject({ code: "DATABASE_LOCKED" });
    // All it has is the row and its events.
    await finishRestart(ctx, ended);
    expect(saved.runs.size).toBe(2);
  });
});

test("CR-6.2 a restart of a run that still waited is accepted over a locked database, and gone on with", async () => {
  const { ctx, ended: queued, saved, words } = given(aRun("queued"), { enqueue: ["DATABASE_LOCKED"] });
  const stopped = await restartJob(ctx, queued.jobId, {});
  expect(stopped).toMatchObject({ id: queued.id, state: "stopped", cause: "restart" });
  expect(ctx.called.at(-1)).toEqual(["goOnWithRestart", stopped]);
  expect(words()).toEqual(["restart_requested", "stop_requested"]);
  await finishRestart(ctx, stopped);
  expect(words().at(-1)).toBe("restarted");
  expect(saved.runs.size).toBe(2);
});

test("CR-6.2 a run that a shutdown ended is gone on with once, though the database is locked meanwhile", async () => {
  const ended = aRun("interrupted", { cause: "shutdown" });
  const failing = { enqueue: ["DATABASE_LOCKED" as const], note: ["DATABASE_LOCKED" as const] };
  const { ctx, saved, words } = given(ended, failing, aJob({ resumeAfterShutdown: true }));
  await untilDone(() => resumeAfterShutdown(ctx, ended));
  await untilDone(() => resumeAfterShutdown(ctx, ended));
  expect(saved.runs.size).toBe(2);
  expect(words()).toEqual(["resumed"]);
});
