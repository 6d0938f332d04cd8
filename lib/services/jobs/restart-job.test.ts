import { describe, expect, test } from "vitest";
import { AppError, type ErrorCode } from "@/lib/domain/errors";
import type { PlanId, RunId } from "@/lib/domain/ids";
import { insist } from "@/lib/domain/insist";
import type { Job } from "@/lib/domain/job";
import { isActive, type Run } from "@/lib/domain/run";
import { aJob, aRun, nextRunId, T0 } from "@/test/factories";
import { finishRestart, restartJob } from "./restart-job";
import { resumeAfterShutdown } from "./resume-after-shutdown";
import type { StartNeeds } from "./start-job";

type Noted = { runId: RunId; type: string; data: Readonly<Record<string, unknown>> };
type Failing = { enqueue?: ErrorCode[]; note?: ErrorCode[] };

/** A job and its runs in memory. `failing`: with which codes the next writes fail, one each. */
function context(ended: Run, failing: Failing = {}, job: Job = aJob()) {
  const runs = [ended];
  const noted: Noted[] = [];
  const goneOnWith: Run[] = [];
  const newest = () => runs.at(-1) ?? null;
  const failNow = (codes: ErrorCode[] = []) => {
    const code = codes.shift();
    if (code !== undefined) throw new AppError(code, `${code}.`);
  };
  const enqueueRun: StartNeeds["enqueueRun"] = async (_id, decide) => {
    failNow(failing.enqueue);
    const last = newest();
    if (last !== null && isActive(last.state)) return { ok: false, active: last };
    const decided = decide(job, last);
    if (decided === "look again") return decided;
    const { run, follows } = decided;
    runs.push(run);
    if (follows !== undefined)
      noted.push({ runId: follows.runId, type: follows.word, data: { runId: run.id } });
    return { ok: true, run };
  };
  const ctx = {
    actor: "operator",
    now: () => T0,
    entropy: (length: number) => "x".repeat(length),
    newRunId: nextRunId,
    newPlanId: () => "plan_00000000000000000000" as PlanId,
    restartDelayMs: 0,
    checkRoom: async () => {},
    readState: async () => ({ found: "none", path: null }) as const,
    checkCommand: async () => {},
    checkPidFile: async () => {},
    lineageFolder: () => "/lineage",
    verify: async () => false,
    nudge: () => {},
    wait: async () => {},
    enqueueRun,
    findJob: async () => ({ job, newest: newest() }),
    findEvent: async (runId: RunId, types: readonly string[]) =>
      noted.filter((entry) => entry.runId === runId && types.includes(entry.type)).at(-1) ?? null,
    noteEvent: async (runId: RunId, type: string, data: Noted["data"]) => {
      failNow(failing.note);
      noted.push({ runId, type, data });
    },
    goOnWithRestart: (run: Run) => void goneOnWith.push(run),
  };
  const words = () => noted.map(({ type }) => type);
  return { ctx, runs, noted, words, goneOnWith };
}

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
      return { ok: true as const, run: stopped, effects: [], before: queued };
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
