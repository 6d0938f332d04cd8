import { TONE_TEXT, type Tone } from "@/components/runs/state-badge";
import { cn } from "@/components/ui/cn";
import type { PlanResult, PlanState } from "@/lib/domain/plan";
import { PLAN_STATE, RESULT } from "./plan-words";

export function PlanBadge({ state }: { state: PlanState }) {
  return <Badge {...PLAN_STATE[state]} data={{ "data-plan-state": state }} />;
}

/** @param props.reached false: the plan was aborted before it was this run's turn */
export function ResultBadge({ result, reached = true }: { result: PlanResult; reached?: boolean }) {
  const look = reached ? RESULT[result] : ({ label: "Not reached", tone: "idle" } as const);
  return <Badge {...look} data={{ "data-result": result }} />;
}

function Badge({ label, tone, data }: { label: string; tone: Tone; data: Record<string, string> }) {
  return (
    <span
      {...data}
      className={cn(
        "inline-flex items-center rounded-full border border-current/25 px-2 py-px text-xs font-medium whitespace-nowrap",
        TONE_TEXT[tone],
      )}
    >
      {label}
    </span>
  );
}
