/** Moments at which the torture tests end the dashboard. They exist in test builds only (next.config.mjs). */
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

/** How the process is harmed there: killed (the default), or by a bug that nothing catches. */
const HARMS = {
  kill: () => process.kill(process.pid, "SIGKILL"),
  throw: () => setTimeout(() => bug("thrown in a timer"), 0),
  reject: () => void Promise.reject(new Error("A fault point: a promise that nothing waits for")),
};

let passed = 0;

/**
 * `UNSTUCK_FAULT=after-spawn:3` ends this process, without any farewell, the third time it comes to that point;
 * `after-spawn:3:throw` throws in a timer then, and `:reject` leaves a rejected promise behind.
 */
export function faultPoint(point: FaultPoint | PlanFaultPoint): void {
  if (process.env.UNSTUCK_TEST_BUILD !== "1") return;
  const [name, count = "1", harm = "kill"] = (process.env.UNSTUCK_FAULT ?? "").split(":");
  if (name !== point) return;
  passed += 1;
  if (passed === Number(count)) HARMS[harm === "throw" || harm === "reject" ? harm : "kill"]();
}

function bug(what: string): never {
  throw new Error(`A fault point: ${what}`);
}
