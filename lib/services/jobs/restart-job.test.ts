import { describe, expect, test } from "vitest";
import type { ErrorCode } from "@/lib/domain/errors";
import { insist } from "@/lib/domain/insist";
import { aJob, aRun } from "@/test/factories";
import { context, type Failing } from "@/test/starts";
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

function endedForRestart(failing: Failing = {}) {
  const ended = aRun("stopped", { cause: "restart" });
  const given = context(ended, failing);
  given.noted.push({ runId: ended.id, type: "restart_requested", data: { delayMs: 0 } });
  return { ...given, ended };
}

describe("CR-6.2 a restart", () => {
  test.each<ErrorCode>(["DATABASE_LOCKED", "DISK_FULL", "SUPERVISOR_UNAVAILABLE"])(
    "whose start meets %s is done once that has passed, and is not noted as failed",
    async (code) => {
      const { ctx, runs, words, ended } = endedForRestart({ enqueue: [code, code] });
      expect(await untilDone(() => finishRestart(ctx, ended))).toBe(2);
      expect(runs).toHaveLength(2);
      expect(words()).toEqual(["restart_requested", "restarted"]);
    },
  );

  test("that has succeeded is never noted as failed, whatever is written after it", async () => {
    const { ctx, runs, words, ended } = endedForRestart({ note: ["DATABASE_LOCKED", "DATABASE_LOCKED"] });
    await untilDone(() => finishRestart(ctx, ended));
    expect(runs).toHaveLength(2);
    expect(words()).toEqual(["restart_requested", "restarted"]);
  });

  test("that is refused is noted as failed, with the reason, however often that cannot be written", async () => {
    const { ctx, words, noted, ended } = endedForRestart({
      enqueue: ["JOB_DISABLED", "JOB_DISABLED", "JOB_DISABLED"],
      note: ["DATABASE_LOCKED", "DATABASE_LOCKED"],
    });
    await untilDone(() => finishRestart(ctx, ended));
    expect(words()).toEqual(["restart_requested", "restart_failed"]);
    expect(noted.at(-1)?.data).toEqual({ code: "JOB_DISABLED", reason: "JOB_DISABLED." });
  });

  test("starts nothing once the job has had another run", async () => {
    const { ctx, runs, words, ended } = endedForRestart();
    runs.push(aRun("completed"));
    await untilDone(() => finishRestart(ctx, ended));
    expect(runs).toHaveLength(2);
    expect(words()).toEqual(["restart_requested", "restart_failed"]);
  });

  test("is started by the next dashboard when this one goes down over a locked database", async () => {
    const { ctx, runs, ended } = endedForRestart({ enqueue: ["DATABASE_LOCKED"] });
    await expect(finishRestart(ctx, ended)).rejects.toMatchObject({ code: "DATABASE_LOCKED" });
    // All it has is the row and its events.
    await finishRestart(ctx, ended);
    expect(runs).toHaveLength(2);
  });
});

test("CR-6.2 a restart of a run that still waited is accepted over a locked database, and gone on with", async () => {
  const queued = aRun("queued");
  const { ctx, goneOnWith, runs, words } = context(queued, { enqueue: ["DATABASE_LOCKED"] });
  const stopped = { ...queued, state: "stopped", cause: "restart" } as const;
  const stopping = {
    ...ctx,
    decideRecovery: async () => null,
    recoveryLimits: {} as never,
    random: () => 0,
    findRecovery: async () => null,
    applyEvent: async () => {
      runs[0] = stopped;
      return { ok: true as const, run: stopped, before: queued };
    },
  };
  expect(await restartJob(stopping, queued.jobId, {})).toBe(stopped);
  expect(goneOnWith).toEqual([stopped]);
  expect(words()).toEqual(["restart_requested"]);
  await finishRestart(ctx, stopped);
  expect(words()).toEqual(["restart_requested", "restarted"]);
});

test("CR-6.2 a run that a shutdown ended is gone on with once, though the database is locked meanwhile", async () => {
  const ended = aRun("interrupted", { cause: "shutdown" });
  const failing = { enqueue: ["DATABASE_LOCKED" as const], note: ["DATABASE_LOCKED" as const] };
  const { ctx, runs, words } = context(ended, failing, aJob({ resumeAfterShutdown: true }));
  await untilDone(() => resumeAfterShutdown(ctx, ended));
  await untilDone(() => resumeAfterShutdown(ctx, ended));
  expect(runs).toHaveLength(2);
  expect(words()).toEqual(["resumed"]);
});
