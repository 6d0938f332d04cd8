import type { PlanView } from "@/lib/contracts/cleanup";

/** How far a plan that is being applied has come. */
export function PlanProgress({ plan: { state, counts } }: { plan: PlanView }) {
  if (state !== "applying") return null;
  const over = counts.done + counts.skipped + counts.failed;
  const all = over + counts.planned;
  return (
    <div
      role="progressbar"
      aria-label="Applied"
      aria-valuemin={0}
      aria-valuemax={all}
      aria-valuenow={over}
      className="mb-6 h-1.5 overflow-hidden rounded-full bg-raised"
    >
      <div
        className="h-full bg-accent transition-[width] motion-reduce:transition-none"
        style={{ width: `${all === 0 ? 100 : (over / all) * 100}%` }}
      />
    </div>
  );
}
