import { AppError } from "@/lib/domain/errors";
import { changeVariables, type EnvChange, type JobVariables } from "@/lib/domain/job-env";

const NONE: JobVariables = { env: {}, secrets: {} };

/** @throws AppError INVALID_INPUT with every problem, and never with a value */
export function changedVariables(change: EnvChange, current: JobVariables = NONE): JobVariables {
  const { variables, issues } = changeVariables(current, change);
  if (issues.length === 0) return variables;
  const told = issues.slice(0, 5).map(({ path, message }) => `${path}: ${message}`);
  throw new AppError("INVALID_INPUT", `The body is not as expected. ${told.join("; ")}.`, {
    where: "body",
    issues,
  });
}
