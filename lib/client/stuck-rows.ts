import type { StuckItemView } from "@/lib/contracts/stuck";
import type { StuckCategory } from "@/lib/domain/stuck";

/** What an operator looks at first stands first: what hangs or is not supervised, then what one press saves. */
export const SECTION_ORDER = [
  "hung",
  "orphaned",
  "resumable",
  "dead",
  "unknown",
  "complete",
  "waiting",
  "superseded",
] as const satisfies readonly StuckCategory[];

export type StuckSection = { readonly category: StuckCategory; readonly items: readonly StuckItemView[] };

export function sectionsOf(items: readonly StuckItemView[]): readonly StuckSection[] {
  return SECTION_ORDER.map((category) => ({
    category,
    items: items.filter((item) => item.category === category),
  })).filter((section) => section.items.length > 0);
}

/** Run id → what was ticked or unticked by hand. */
export type Ticks = ReadonlyMap<string, boolean>;

export const canClean = (item: StuckItemView): boolean => item.can.includes("clean");
export const canResume = (item: StuckItemView): boolean => item.can.includes("resume");

/** Dead runs are ticked from the start; whatever could still go on is only ever selected by hand. */
export function isTicked(item: StuckItemView, ticks: Ticks): boolean {
  const dead = item.category === "dead" || (item.category === "superseded" && item.run.verdict === "dead");
  return canClean(item) && (ticks.get(item.run.id) ?? dead);
}

export function tickedOf(items: readonly StuckItemView[], ticks: Ticks): readonly StuckItemView[] {
  return items.filter((item) => isTicked(item, ticks));
}

/** `3 dead runs`, `2 dead and 1 resumable run`: what a clean-up of these would be about. */
export function countInWords(items: readonly StuckItemView[]): string {
  const parts = SECTION_ORDER.flatMap((category) => {
    const count = items.filter((item) => item.category === category).length;
    return count === 0 ? [] : [`${count} ${category}`];
  });
  const last = parts.pop() ?? "no";
  const all = parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
  return `${all} ${items.length === 1 ? "run" : "runs"}`;
}
