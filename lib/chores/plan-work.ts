import type { Logger } from "pino";
import type { App } from "@/lib/booted";
import { passes } from "@/lib/domain/passing";
import type { Plan } from "@/lib/domain/plan";
import { contextOf } from "@/lib/runtime";
import { workOffPlan } from "@/lib/services/cleanup/work-off-plan";
import { listApplying } from "@/lib/store/plans";
import { faultPoint } from "@/lib/supervisor/files/fault";
import { removeLeftovers } from "@/lib/supervisor/files/leftovers";
import { untilDone } from "./until-done";

export type PlanWork = {
  /** A plan was applied; or the process has just begun, and an earlier one may have left a plan half-way. */
  nudge(): void;
  /** Resolves when the item under way is done; the rest is for the next boot. */
  shutdown(): Promise<void>;
};

/** Carries out applied plans, one after the other, in the background. */
export function workOffPlans(app: App, log: Logger): PlanWork {
  const abort = new AbortController();
  let wanted = false;
  let working: Promise<void> | null = null;

  function nudge(): void {
    wanted = true;
    if (abort.signal.aborted || working !== null) return;
    working = work().finally(() => {
      working = null;
      if (wanted) nudge();
    });
  }

  async function work(): Promise<void> {
    while (wanted && !abort.signal.aborted) {
      wanted = false;
      await untilDone({ log, signal: abort.signal }, "plan.failed", {}, async () => {
        for (const plan of await listApplying(app.store)) await workOff(plan);
      });
    }
  }

  async function workOff(plan: Plan): Promise<void> {
    if (abort.signal.aborted) return;
    log.info({ planId: plan.id, kind: plan.kind }, "plan.applying");
    await workOffPlan(needsOf(app, plan), plan, abort.signal);
  }

  return {
    nudge,
    shutdown: async () => {
      abort.abort();
      await working;
    },
  };
}

function needsOf(app: App, plan: Plan): Parameters<typeof workOffPlan>[0] {
  const ctx = contextOf(app, plan.appliedBy ?? plan.actor, "housekeeping");
  return {
    ...ctx,
    cleanItem: (key, decide) => {
      faultPoint("before-item");
      return ctx.cleanItem(key, decide);
    },
    removeLeftovers: (leftovers) => {
      faultPoint("before-files");
      return removeLeftovers(app.files, app.config.paths, leftovers);
    },
    passes,
  };
}
