import type { SlotView } from "@/lib/contracts/schedule";
import type { SlotState } from "@/lib/domain/schedule";

export const SLOT_LABEL = {
  due: "Being started",
  waiting: "Waiting",
  started: "Started",
  skipped: "Skipped",
  missed: "Missed",
  failed: "Not started",
} as const satisfies Record<SlotState, string>;

/** `Missed 19 times`: many that were missed in a row are one. */
export function slotWords({ state, count }: Pick<SlotView, "state" | "count">): string {
  return count > 1 ? `${SLOT_LABEL[state]} ${count} times` : SLOT_LABEL[state];
}
