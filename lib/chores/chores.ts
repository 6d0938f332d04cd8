import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import type { JobId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { keepPinging } from "./dead-mans-switch";
import { finishDeletions } from "./deletions";
import { keepHouse } from "./housekeeping";
import { workOffPlans } from "./plan-work";
import { recoverJobs } from "./recoveries";
import { resumeRestarts } from "./restarts";
import { keepSchedules } from "./schedules";
import { watchForStuck } from "./stuck-checks";
import { keepEndVerdicts } from "./verdicts";

/** What the process does by itself, beside watching over runs: it is not asked for, and nothing waits for it. */
export type Chores = {
  /** @param ranMs how long the run lasted, by the monotonic clock */
  ended(run: Run, ranMs: number): void;
  /** A plan was applied. */
  nudgePlans(): void;
  /** A schedule was made, changed or deleted. */
  nudgeSchedules(): void;
  /** A job was deleted; resolves when all of it is gone, or when that takes long. */
  finishDeletions(): Promise<void>;
  /** The next attempt of this job's recovery is to come now. */
  wakeRecovery(job: JobId): void;
  /** The successor of this run, which ended for a restart, is to be started as soon as that is possible. */
  goOnWithRestart(ended: Run): void;
  /** Goes on with what an earlier dashboard left half-way. */
  takeUp(): Promise<void>;
  /** The data folder is a copy or was restored: no time of a schedule of before now is started by it. */
  skipPast(): Promise<void>;
  /** Starts nothing more: the next dashboard goes on with what ends from now on. */
  hold(): void;
  shutdown(): Promise<void>;
};

export function doChores(app: App, log: Logger): Chores {
  const restarts = resumeRestarts(app, log);
  const recoveries = recoverJobs(app, log);
  const verdicts = keepEndVerdicts(app, log);
  const plans = workOffPlans(app, log);
  const deletions = finishDeletions(app, log);
  const house = keepHouse(app, log);
  const schedules = keepSchedules(app, log);
  const pings = keepPinging(app, log);
  let checks: ReturnType<typeof watchForStuck> | null = null;
  return {
    ended: (run, ranMs) => {
      verdicts.ended(run);
      restarts.ended(run);
      recoveries.ended(run, ranMs);
      schedules.ended(run);
    },
    nudgePlans: plans.nudge,
    nudgeSchedules: schedules.nudge,
    finishDeletions: deletions.nudge,
    wakeRecovery: recoveries.wake,
    goOnWithRestart: restarts.ended,
    skipPast: schedules.skipPast,
    takeUp: async () => {
      await restarts.takeUp();
      await recoveries.takeUp();
      verdicts.takeUp();
      checks = watchForStuck(app, log);
      plans.nudge();
      await schedules.takeUp();
      void deletions.nudge();
    },
    hold: () => {
      void restarts.shutdown();
      void recoveries.shutdown();
      void schedules.shutdown();
    },
    shutdown: async () => {
      await Promise.all([
        checks?.shutdown(),
        schedules.shutdown(),
        plans.shutdown(),
        deletions.shutdown(),
        house.shutdown(),
        pings.shutdown(),
        verdicts.shutdown(),
        recoveries.shutdown(),
        restarts.shutdown(),
      ]);
    },
  };
}
