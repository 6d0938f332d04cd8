/** Moments at which the torture tests end the dashboard. They exist in test builds only (next.config.ts). */
export const FAULT_POINTS = [
  "after-claim",
  "after-spec",
  "after-spawn",
  "before-running",
  "before-finalise",
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

/** Moments of a plan that is being carried out: before an item, and between the rows and the files of a deletion. */
const PLAN_FAULT_POINTS = ["before-item", "before-files"] as const;
type PlanFaultPoint = (typeof PLAN_FAULT_POINTS)[number];

let passed = 0;

/** `UNSTUCK_FAULT=after-spawn:3` ends this process, without any farewell, the third time it comes to that point. */
export function faultPoint(point: FaultPoint | PlanFaultPoint): void {
  if (process.env.UNSTUCK_TEST_BUILD !== "1") return;
  const [name, count = "1"] = (process.env.UNSTUCK_FAULT ?? "").split(":");
  if (name !== point) return;
  passed += 1;
  if (passed === Number(count)) process.kill(process.pid, "SIGKILL");
}
