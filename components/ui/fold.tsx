"use client";

import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { cn } from "./cn";

type FoldProps = {
  title: string;
  about: string;
  /** Of a page's own sections, or of a dialog's, which are a level below. */
  level: 2 | 3;
  /** It begins open. */
  begins: boolean;
  /** Something in it is wrong, which it cannot hide. */
  hasWrong: boolean;
  /** Of the fields, while they are shown. */
  className: string;
  children: ReactNode;
};

/** A group of fields that most leave as they are: one line until it is wanted. */
export function Fold({ title, about, level, begins, hasWrong, className, children }: FoldProps) {
  const id = useId();
  const [wanted, setWanted] = useState(begins);
  const open = wanted || hasWrong;
  const Heading = `h${level}` as const;
  return (
    <section aria-labelledby={`${id}-title`} className="border-t border-line">
      <Heading id={`${id}-title`} className="text-sm font-semibold">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={`${id}-fields`}
          onClick={() => setWanted(!open)}
          className="flex w-full flex-wrap items-baseline gap-x-2 gap-y-0.5 rounded-md py-3.5 text-left outline-offset-[-2px] hover:text-accent"
        >
          <ChevronRight
            aria-hidden
            className={cn(
              "size-3.5 shrink-0 self-center text-faint transition-transform motion-reduce:transition-none",
              open && "rotate-90",
            )}
          />
          {title}
          <span className="text-xs font-normal text-muted max-sm:basis-full max-sm:pl-[22px]">{about}</span>
        </button>
      </Heading>
      <div id={`${id}-fields`} hidden={!open} className={cn("min-w-0 gap-4", open && "grid", className)}>
        {children}
      </div>
    </section>
  );
}
