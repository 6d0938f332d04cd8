import type { RunView } from "@/lib/contracts/run";
import type { ForeignView, StatusView } from "@/lib/contracts/status";
import { isOutside, mostUrgent } from "@/lib/domain/attention";

type What =
  | { readonly kind: "run"; readonly run: RunView }
  | { readonly kind: "outside"; readonly foreign: ForeignView };
export type NeedsAttention = { readonly status: StatusView } & What;

/**
 * What needs an operator, most urgent first: sick active runs, jobs whose newest run went wrong within a day, and jobs that
 * run outside Unstuck. A job is named once.
 * @param now epoch milliseconds
 */
export function needsAttention(items: readonly StatusView[], now: number): readonly NeedsAttention[] {
  return mostUrgent(items, now).flatMap((status): NeedsAttention[] => {
    if (isOutside(status)) return [{ kind: "outside", status, foreign: status.foreign }];
    return status.run === null ? [] : [{ kind: "run", status, run: status.run }];
  });
}
