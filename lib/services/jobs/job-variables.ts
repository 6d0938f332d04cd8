import { placeholderIssues } from "@/lib/domain/argv-placeholders";
import { referenceIssues } from "@/lib/domain/env-references";
import { AppError } from "@/lib/domain/errors";
import type { Job } from "@/lib/domain/job";
import { changeVariables, type EnvChange, type EnvIssue, type JobVariables } from "@/lib/domain/job-env";

const NONE: JobVariables = { env: {}, secrets: {} };

/** @throws AppError INVALID_INPUT with every problem, and never with a value */
export function changedVariables(change: EnvChange, current: JobVariables = NONE): JobVariables {
  const { variables, issues } = changeVariables(current, change);
  refuse(issues);
  return variables;
}

/** @returns the job; @throws AppError INVALID_INPUT when a variable has two places, or a parameter one in the command that it must not have */
export function withoutClash(job: Job): Job {
  refuse([...referenceIssues(job), ...placeholderIssues(job)]);
  return job;
}

function refuse(issues: readonly EnvIssue[]): void {
  if (issues.length === 0) return;
  const told = issues.slice(0, 5).map(({ path, message }) => `${path}: ${message}`);
  throw new AppError("INVALID_INPUT", `The body is not as expected. ${told.join("; ")}.`, {
    where: "body",
    issues,
  });
}
