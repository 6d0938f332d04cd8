"use client";

import { type ReactNode, useId } from "react";
import { useTitles } from "@/components/jobs/use-titles";
import { isTicked, type StuckSection as Section, type Ticks } from "@/lib/client/stuck-rows";
import { CATEGORY } from "./category-words";
import { type RowCommands, StuckRow } from "./stuck-row";

type StuckSectionProps = {
  section: Section;
  /** How many there are, listed or not. */
  of: number;
  ticks: Ticks;
  commands: RowCommands;
  action?: ReactNode;
};

/** Runs about which the same can be done, with what their buttons will do. */
export function StuckSection({
  section: { category, items },
  of,
  ticks,
  commands,
  action,
}: StuckSectionProps) {
  const id = useId();
  const titleOf = useTitles();
  const { title, means } = CATEGORY[category];
  return (
    <section id={category} aria-labelledby={id} className="min-w-0 scroll-mt-16">
      <div className="mb-2 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="text-sm font-semibold">
            {title}{" "}
            <span className="tabular font-normal text-faint">
              {items.length < of ? `${items.length} of ${of}` : of}
            </span>
          </h2>
          <p className="max-w-prose text-xs text-muted">{means}</p>
        </div>
        {action}
      </div>
      <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
        {items.map((item) => (
          <StuckRow
            key={item.run.id}
            item={item}
            title={titleOf(item.run.job)}
            ticked={isTicked(item, ticks)}
            commands={commands}
          />
        ))}
      </ul>
    </section>
  );
}
