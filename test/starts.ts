import { AppError, type ErrorCode } from "@/lib/domain/errors";
import type { PlanId, RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { StateFacts } from "@/lib/domain/recovery";
import { isActive, type Run } from "@/lib/domain/run";
import type { StartNeeds } from "@/lib/services/commands/start-job";
import { aJob, nextRunId, T0 } from "./factories";

type Noted = { runId: RunId; type: string; data: Readonly<Record<string, unknown>> };
export type Failing = { enqueue?: ErrorCode[]; note?: ErrorCode[] };

/** A job and its runs in memory. `failing`: with which codes the next writes fail, one each. */
export function context(
  ended: Run,
  failing: Failing = {},
  job: Job = aJob(),
  state: StateFacts = { found: "none", path: null },
) {
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
    readState: async () => state,
    checkCommand: async () => {},
    checkPidFile: async () => {},
    lineageFolder: () => "/lineage",
    verify: async () => false,
    nudge: () => {},
    wait: async () => {},
    enqueueRun,
    findJob: async () => ({ job, newest: newest() }),
    findEvent: async (runId: RunId, types: readonly string[]) => {
      const found = noted.findLast((entry) => entry.runId === runId && types.includes(entry.type));
      return found === undefined ? null : { id: noted.indexOf(found), at: T0, ...found };
    },
    noteEvent: async (runId: RunId, type: string, data: Noted["data"]) => {
      failNow(failing.note);
      noted.push({ runId, type, data });
    },
    goOnWithRestart: (run: Run) => void goneOnWith.push(run),
  };
  const words = () => noted.map(({ type }) => type);
  return { ctx, runs, noted, words, goneOnWith };
}
