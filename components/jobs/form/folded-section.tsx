"use client";

import type { ReactNode } from "react";
import { useFormContext } from "react-hook-form";
import { Fold } from "@/components/ui/fold";
import { EMPTY_JOB, type JobField, type JobFormValues } from "@/lib/client/job-form-values";

type FoldedSectionProps = {
  title: string;
  about: string;
  /** The section begins open when the job sets one of these, and cannot hide one that is wrong. */
  fields: readonly JobField[];
  children: ReactNode;
};

export function FoldedSection({ title, about, fields, children }: FoldedSectionProps) {
  const { defaultValues, errors } = useFormContext<JobFormValues>().formState;
  const isSet = (name: JobField) => JSON.stringify(defaultValues?.[name]) !== JSON.stringify(EMPTY_JOB[name]);
  return (
    <Fold
      title={title}
      about={about}
      level={2}
      begins={fields.some(isSet)}
      hasWrong={fields.some((name) => errors[name] !== undefined)}
      className="max-w-2xl pt-1 pb-6 lg:ml-[15rem]"
    >
      {children}
    </Fold>
  );
}
