"use client";

import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useFormContext } from "react-hook-form";
import { cn } from "@/components/ui/cn";
import { EMPTY_JOB, type JobField, type JobFormValues } from "@/lib/client/job-form-values";

type FoldedSectionProps = {
  title: string;
  about: string;
  /** The section begins open when the job sets one of these, and cannot hide one that is wrong. */
  fields: readonly JobField[];
  children: ReactNode;
};

/** A group of fields that most jobs leave as they are: one line until it is wanted. */
export function FoldedSection({ title, about, fields, children }: FoldedSectionProps) {
  const id = useId();
  const { defaultValues, errors } = useFormContext<JobFormValues>().formState;
  const [wanted, setWanted] = useState(() =>
    fields.some((name) => JSON.stringify(defaultValues?.[name]) !== JSON.stringify(EMPTY_JOB[name])),
  );
  const open = wanted || fields.some((name) => errors[name] !== undefined);
  return (
    <section aria-labelledby={`${id}-title`} className="border-t border-line">
      <h2 id={`${id}-title`} className="text-sm font-semibold">
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
      </h2>
      <div
        id={`${id}-fields`}
        hidden={!open}
        className="grid max-w-2xl min-w-0 gap-4 pt-1 pb-6 lg:ml-[15rem]"
      >
        {children}
      </div>
    </section>
  );
}
