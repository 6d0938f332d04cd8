"use client";

import type { ReactNode } from "react";
import { FormProvider } from "react-hook-form";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button, ButtonLink } from "@/components/ui/button";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { JobFormValues } from "@/lib/client/job-form-values";
import type { JobDefaults } from "@/lib/domain/job-defaults";
import { JobFields } from "./job-fields";
import { type SaveJob, useJobForm } from "./use-job-form";

type JobFormProps = {
  initial: JobFormValues;
  isNew: boolean;
  defaults: JobDefaults;
  cancelHref: string;
  save: SaveJob;
  /** Buttons that answer a problem of the whole form, such as a stale version. */
  problemActions?: (problem: unknown) => ReactNode;
};

export function JobForm({ initial, isNew, defaults, cancelHref, save, problemActions }: JobFormProps) {
  const { form, submit, problem } = useJobForm(initial, save);
  const { isSubmitting, errors } = form.formState;
  const wrong = Object.keys(errors).filter((name) => name !== "root").length;
  return (
    <FormProvider {...form}>
      <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col">
        {/* What is typed before the page is alive would be lost, and a submit would put it into the address. */}
        <fieldset disabled={!useHydrated()} className="contents">
          <JobFields isNew={isNew} defaults={defaults} />
          <div className="sticky bottom-0 -mx-4 flex flex-col gap-3 border-t border-line bg-bg px-4 py-3 max-md:bottom-14 md:-mx-8 md:px-8">
            {problem !== null && (
              <ProblemNotice error={problem} title="It was not saved" actions={problemActions?.(problem)} />
            )}
            <div className="flex items-center justify-end gap-2">
              {wrong > 0 && (
                <p className="mr-auto text-sm font-medium text-bad">
                  {wrong === 1 ? "One field needs" : `${wrong} fields need`} attention
                </p>
              )}
              <ButtonLink href={cancelHref}>Cancel</ButtonLink>
              <Button type="submit" look="main" busy={isSubmitting}>
                {isNew ? "Create job" : "Save"}
              </Button>
            </div>
          </div>
        </fieldset>
      </form>
    </FormProvider>
  );
}
