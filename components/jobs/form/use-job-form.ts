"use client";

import { useEffect, useState } from "react";
import { type FieldErrors, type Resolver, useForm } from "react-hook-form";
import { type JobFormBody, readJobForm } from "@/lib/client/job-form";
import { changedOnly, type JobFormChange } from "@/lib/client/job-form-change";
import { toFormIssues } from "@/lib/client/job-form-issues";
import type { FormIssue, JobField, JobFormValues } from "@/lib/client/job-form-values";
import { fieldIssues, isApiProblem, type ProblemCode } from "@/lib/client/problem";

/** The form's own reading is the validation: what it accepts is exactly what is sent. */
function resolverFor(initial: JobFormValues): Resolver<JobFormValues> {
  return (values) => {
    const reading = readJobForm(values, initial);
    return reading.ok ? { values, errors: {} } : { values: {}, errors: toErrors(reading.issues) };
  };
}

function toErrors(issues: readonly FormIssue[]): FieldErrors<JobFormValues> {
  return Object.fromEntries(issues.map(({ field, message }) => [field, { type: "wrong", message }]));
}

/** @param changed what was touched */
export type SaveJob = (body: JobFormBody, changed: JobFormChange) => Promise<void>;

/** @param save rejects with the server's problem; what names a field is shown there, the rest is returned as `problem` */
export function useJobForm(initial: JobFormValues, save: SaveJob) {
  const form = useForm<JobFormValues>({
    defaultValues: initial,
    resolver: resolverFor(initial),
    mode: "onTouched",
  });
  const [problem, setProblem] = useState<unknown>(null);
  const { isDirty, isSubmitSuccessful } = form.formState;
  useWarnBeforeLeaving(isDirty && !isSubmitSuccessful);
  const submit = form.handleSubmit(async (values) => {
    const reading = readJobForm(values, initial);
    if (!reading.ok) return;
    setProblem(null);
    try {
      await save(reading.body, changedOnly(values, initial));
    } catch (error) {
      const shown = showAtFields(error, form.setError);
      if (!shown) setProblem(error);
      // What failed is still unsaved, whatever the form thinks of its submit.
      form.setError("root", { type: "refused" });
    }
  });
  return { form, submit, problem };
}

type SetError = ReturnType<typeof useForm<JobFormValues>>["setError"];

/** Refusals that speak of one field without saying so in their details. */
const FIELD_OF_CODE: Partial<Record<ProblemCode, JobField>> = {
  JOB_EXISTS: "id",
  COMMAND_NOT_FOUND: "command",
  COMMAND_NOT_EXECUTABLE: "command",
  CWD_NOT_FOUND: "cwd",
  RUN_AS_NEEDED: "runAs",
  RUN_AS_NOT_ALLOWED: "runAs",
  RUN_AS_UNKNOWN: "runAs",
};

/** @returns whether every issue found its field */
function showAtFields(error: unknown, setError: SetError): boolean {
  if (!isApiProblem(error)) return false;
  const field = FIELD_OF_CODE[error.code];
  const { onFields, leftOver } =
    field === undefined
      ? toFormIssues(fieldIssues(error))
      : { onFields: [{ field, message: error.message }], leftOver: [] };
  for (const [index, { field, message }] of onFields.entries())
    setError(field, { type: "server", message }, { shouldFocus: index === 0 });
  return onFields.length > 0 && leftOver.length === 0;
}

function useWarnBeforeLeaving(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [unsaved]);
}
