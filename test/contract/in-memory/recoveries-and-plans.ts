import type { PlanId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import { T0 } from "@/test/factories";
import { anItem } from "@/test/plans";
import { audit, CLAIMED, LOST, STOP } from "../store/given";
import {
  about,
  BARE,
  CLEAN_FIRST,
  CLEANUP,
  DELETION,
  FIFTH,
  FIRST,
  FOURTH,
  NOBODY,
  newestFirst,
  page,
  queue,
  refused,
  SHOP,
  SIXTH,
  type Step,
  THIRD,
  WAITING,
} from "./given";

export const RECOVERY: readonly Step[] = [
  [
    "a recovery is planned",
    (p) =>
      p.decideRecovery(SHOP.id, ({ newest }) => ({
        record: WAITING,
        audit: audit("recovery.planned", { jobId: SHOP.id }),
        event: newest && { runId: newest.id, type: "recovery_planned", data: { waitMs: 500 } },
      })),
  ],
  ["nothing is decided", (p) => p.decideRecovery(SHOP.id, () => null)],
  ["there is no job", (p) => p.decideRecovery(NOBODY, refused)],
  ["the record", (p) => p.findRecovery(SHOP.id)],
  ["who waits", (p) => p.listWaitingRecoveries()],
  ["the recovery starts", queue(FOURTH)],
  ["it goes on with the streak", (p) => p.findRecovery(SHOP.id)],
  ["what it recovered is settled", (p) => p.findRun(FIRST.id)],
  ["it is stopped while it waits", (p) => p.applyEvent(FOURTH.id, STOP)],
  ["a recovery that nothing waits for is refused", queue({ ...FIFTH, trigger: "recovery" })],
  ["a person's start ends the streak", queue(FIFTH)],
  ["there is none", (p) => p.findRecovery(SHOP.id)],
  [
    "it gives up loudly",
    (p) =>
      p.decideRecovery(SHOP.id, () => ({
        record: { ...WAITING, state: "gave_up", nextAt: null },
        audit: null,
        event: null,
      })),
  ],
  ["its alert", async (p) => (await p.listAlerts(true, newestFirst)).map(({ id: _, ...alert }) => alert)],
  [
    "it is switched off",
    (p) =>
      p.updateJob(
        SHOP.id,
        2,
        (job: Job) => ({ job: { ...job, autoRecover: false, version: 3 }, secrets: {} }),
        about("job.changed", SHOP.id),
      ),
  ],
  ["and over", (p) => p.findRecovery(SHOP.id)],
];

export const PLANS: readonly Step[] = [
  ["a run is lost", (p) => p.applyEvent(THIRD.id, CLAIMED).then(() => p.applyEvent(THIRD.id, LOST))],
  ["what needs a decision", (p) => p.listUnsettled({}, newestFirst)],
  ["of a tag", (p) => p.listUnsettled({ tags: ["shops"], olderThan: T0 + 10_000 }, newestFirst)],
  [
    "a verdict is kept",
    (p) => p.saveVerdicts([{ runId: THIRD.id, verdict: "dead", resumeFrom: null, at: T0 + 9 }]),
  ],
  ["how many", (p) => p.countUnsettled({ jobs: [BARE.id, SHOP.id] })],
  [
    "a plan",
    (p) => p.insertPlan(CLEANUP, [anItem(CLEANUP, THIRD), anItem(CLEANUP, FIRST)], audit("planned")),
  ],
  [
    "an item is cleaned",
    (p) =>
      p.cleanItem({ planId: CLEANUP.id, runId: THIRD.id }, () => ({
        ok: true,
        reason: "Dead.",
        audit: audit("run.cleaned", { runId: THIRD.id }),
      })),
  ],
  ["once", (p) => p.cleanItem({ planId: CLEANUP.id, runId: THIRD.id }, refused)],
  [
    "what is not dead is skipped",
    (p) => p.cleanItem({ planId: CLEANUP.id, runId: FIRST.id }, () => ({ ok: false, detail: "It failed." })),
  ],
  ["of no plan", (p) => p.cleanItem({ planId: DELETION.id, runId: FIRST.id }, refused)],
  ["what an undo would do", (p) => p.listUndo(CLEANUP.id, null)],
  [
    "an undo that was promised otherwise",
    (p) => p.undoItem({ planId: CLEANUP.id, runId: THIRD.id }, null, audit("run.undone"), "state_only"),
  ],
  [
    "an undo",
    (p) => p.undoItem({ planId: CLEANUP.id, runId: THIRD.id }, "A mistake.", audit("run.undone"), "stuck"),
  ],
  ["the items", (p) => p.listPlanItems(CLEANUP.id, null, { after: null, limit: 5 })],
  ["the undone ones", (p) => p.listPlanItems(CLEANUP.id, "undone", page)],
  ["a start cleans first", queue(SIXTH, THIRD)],
  ["its plan", (p) => p.findPlan(CLEAN_FIRST.id)],
  ["plans of a job", (p) => p.listPlans({ kind: null, jobId: BARE.id, runId: null }, newestFirst)],
  [
    "plans that changed a run",
    (p) => p.listPlans({ kind: "cleanup", jobId: null, runId: THIRD.id }, newestFirst),
  ],
  ["no plan", (p) => p.findPlan(DELETION.id)],
  ["what was done to a job", (p) => p.countJobCleanups(BARE.id)],
  [
    "a deletion",
    (p) => p.insertPlan(DELETION, [anItem(DELETION, THIRD), anItem(DELETION, FIRST)], audit("planned")),
  ],
  [
    "one that must stay",
    (p) =>
      p.deleteRunRows(
        { planId: DELETION.id, runId: FIRST.id },
        (_item, _run, around) => JSON.stringify(around),
        "operator",
        null,
      ),
  ],
  [
    "one that goes",
    (p) => p.deleteRunRows({ planId: DELETION.id, runId: THIRD.id }, () => null, "operator", "Old."),
  ],
  [
    "begun before",
    (p) => p.deleteRunRows({ planId: DELETION.id, runId: THIRD.id }, refused, "operator", null),
  ],
  ["its files", (p) => p.settleDeletion({ planId: DELETION.id, runId: THIRD.id }, null, "Deleted.")],
  ["it is gone", (p) => p.findRun(THIRD.id)],
  [
    "a plan is changed",
    (p) =>
      p.changePlan(DELETION.id, (plan) => ({ ...plan, state: "applied", finishedAt: T0 }), audit("applied")),
  ],
  ["or left", (p) => p.changePlan(DELETION.id, () => null, audit("applied"))],
  ["or is not there", (p) => p.changePlan("plan_0000000000000000000x" as PlanId, refused, null)],
];
