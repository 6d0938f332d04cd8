import { cn } from "@/components/ui/cn";
import { SECTION_ORDER } from "@/lib/client/stuck-rows";
import type { StuckCounts as Counts } from "@/lib/contracts/stuck";
import { CATEGORY } from "./category-words";

/** How many of each; every number leads to its section. */
export function StuckCounts({ counts }: { counts: Counts }) {
  return (
    <ul
      aria-label="Stuck runs by what can be done"
      className="grid grid-cols-8 overflow-hidden rounded-lg border border-line bg-surface max-lg:grid-cols-4"
    >
      {SECTION_ORDER.map((category) => (
        <li key={category} className="-mt-px -ml-px border-t border-l border-line">
          <a
            href={`#${category}`}
            data-count={category}
            title={CATEGORY[category].title}
            className="block px-4 py-3 transition-colors hover:bg-raised/60 focus-visible:outline-offset-[-2px] max-sm:px-2.5"
          >
            <span
              className={cn(
                "block text-2xl font-semibold tracking-tight tabular",
                counts[category] === 0 ? "text-faint" : CATEGORY[category].tone,
              )}
            >
              {counts[category]}
            </span>
            <span className="text-xs whitespace-nowrap text-muted">{CATEGORY[category].count}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
