import { aRun, T0 } from "@/test/factories";
import { audit, CLAIMED, LOST, STOP } from "../store/given";
import {
  ADOPTED,
  ANY,
  about,
  BARE,
  FIFTH,
  FIRST,
  GONE,
  IMPORTED,
  NEWS,
  NO_RUN,
  NOBODY,
  refused,
  SHOP,
  SIXTH,
  type Step,
  start,
} from "./given";

export const REST: readonly Step[] = [
  [
    "what has ended",
    (p) => p.listEnded({ jobId: SHOP.id, endedBefore: T0 * 2, states: [] }, { after: null, limit: 9 }),
  ],
  [
    "that failed",
    (p) =>
      p.listEnded({ jobId: SHOP.id, endedBefore: T0 * 2, states: ["failed"] }, { after: null, limit: 9 }),
  ],
  ["runs", (p) => p.listRuns(ANY, { before: null, limit: 2 })],
  [
    "runs that look like it",
    (p) => p.listRuns({ ...ANY, text: "SHO", states: ["failed", "stopped"] }, { before: null, limit: 9 }),
  ],
  [
    "runs of a job since then",
    (p) => p.listRuns({ ...ANY, jobId: SHOP.id, since: T0, until: T0 + 1 }, { before: FIFTH.id, limit: 9 }),
  ],
  ["those there are", (p) => p.findRuns([FIFTH.id, NO_RUN, FIRST.id])],
  ["the newest", (p) => p.newestAmong([FIRST.id, FIFTH.id, SIXTH.id])],
  ["an adoption while one is active", (p) => p.insertAdopted(BARE.id, refused, {}, start, T0)],
  [
    "a shutdown",
    (p) =>
      p
        .applyEvent(SIXTH.id, CLAIMED)
        .then(() => p.applyEvent(SIXTH.id, { ...LOST, cause: "host_rebooted", endedAt: T0 + 3 })),
  ],
  ["an adoption", (p) => p.insertAdopted(BARE.id, () => ADOPTED, { pid: 7 }, start, T0)],
  ["an adoption by no job", (p) => p.insertAdopted(NOBODY, refused, {}, start, T0)],
  [
    "a restart ends",
    (p) =>
      p
        .applyEvent(ADOPTED.id, { ...STOP, cause: "restart" })
        .then(() => p.applyEvent(ADOPTED.id, { type: "tree_gone" })),
  ],
  ["whose successor is to come", (p) => p.listAwaitingSuccessor()],
  ["history of another system", (p) => p.insertImported([IMPORTED], audit("imported"), T0)],
  ["not twice", (p) => p.insertImported([{ ...IMPORTED, id: aRun("completed").id }], audit("imported"), T0)],
  ["it is known", (p) => p.findImported("cron", ["7", "8"])],
  ["it is the newest", (p) => p.findJob(GONE.id)],
  ["a job goes", (p) => p.deleteJob(GONE.id, about("job.deleted", GONE.id), T0)],
  ["it is gone", (p) => p.deleteJob(GONE.id, about("job.deleted", GONE.id), T0)],
  ["one that runs stays", (p) => p.deleteJob(NEWS.id, about("job.deleted", NEWS.id), T0)],
  [
    "a check",
    async (p) => {
      const runs = Array.from({ length: 30 }, (_, n) => `run_${n}`);
      const alert = {
        id: "alert_00000000000000000001",
        at: T0,
        kind: "stuck",
        title: "Stuck",
        detail: "",
        job: null,
        counts: {},
        runs,
      } as const;
      await p.saveStuckCheck(3, alert, audit("stuck.checked"), T0);
      return [await p.lastStuckCheck(), await p.toldRuns()];
    },
  ],
  [
    "it is acknowledged",
    (p) => p.acknowledgeAlert("alert_00000000000000000001", audit("alert.acknowledged"), T0),
  ],
  [
    "by the first",
    (p) =>
      p.acknowledgeAlert(
        "alert_00000000000000000001",
        audit("alert.acknowledged", { actor: "late" }),
        T0 + 9,
      ),
  ],
  ["no alert", (p) => p.acknowledgeAlert("alert_x", audit("alert.acknowledged"), T0)],
  [
    "a stop outside",
    (p) =>
      p.openStop(
        {
          target: { kind: "foreign", pidFile: "/x.pid" },
          identity: { pid: 7, startTicks: 8 },
          profile: BARE.signals,
          once: true,
          graceMs: 5,
          actor: "operator",
          jobId: BARE.id,
          runId: null,
        },
        audit("foreign.stop_requested"),
      ),
  ],
  ["it is over", (p) => p.closeStop({ id: 1 }, "killed", null)],
  ["it is over twice", (p) => p.closeStop({ id: 1 }, "killed", null)],
  ["the environment", (p) => p.environmentPolicy()],
  ["a list there never was", (p) => p.useEnvironment("recorded", audit("environment.used"), T0)],
  ["what is used already", (p) => p.useEnvironment("short", audit("environment.used"), T0)],
  ["no usage was measured", (p) => p.listUsage(FIRST.id)],
  // The ids themselves are drawn: only their form and order are promised, also while the clock stands still or is set back.
  ["ids of runs", async (p) => inOrder([T0, T0, 0].map(p.newRunId))],
  ["ids of plans", async (p) => inOrder([T0, T0, 0].map(p.newPlanId))],
  ["ids of alerts", async (p) => inOrder([T0, T0, 0].map(p.newAlertId))],
  ["entropy is as long as asked for", async (p) => p.entropy(32).length],
  ["a word for the audit", (p) => p.recordAudit(audit("job.reset_requested"))],
];

function inOrder(ids: readonly string[]): readonly unknown[] {
  return [
    ids.map((id) => id.replace(/_[0-9a-z]{20}$/, "")),
    ids.toSorted().join() === ids.join(),
    new Set(ids).size,
  ];
}
