import { AppError } from "@/lib/domain/errors";
import type { Run } from "@/lib/domain/run";
import type { StartNeeds } from "@/lib/services/commands/start-job";

/**
 * For the start of a run that was promised when another ended. That the ended run has its successor is written in the transaction that
 * makes the successor: were it written afterwards, a failure there would look like a start that failed. It is refused when the job has
 * another newest run by then.
 * @param word the event that says so on the ended run
 */
export function asSuccessorOf<Needs extends StartNeeds>(
  ctx: Needs,
  ended: Run,
  word: "restarted" | "resumed",
): Needs {
  const enqueueRun: StartNeeds["enqueueRun"] = (id, decide, audit, now, signal) =>
    ctx.enqueueRun(
      id,
      (job, newest) => {
        if (newest?.id !== ended.id)
          throw new AppError("RUN_ALREADY_ACTIVE", `Job "${id}" was started meanwhile.`, { job: id });
        const decided = decide(job, newest);
        return decided === "look again" ? decided : { ...decided, follows: { runId: ended.id, word } };
      },
      audit,
      now,
      signal,
    );
  return { ...ctx, enqueueRun };
}
