import { type JobFormBody, readJobForm } from "./job-form";
import type { JobFormValues } from "./job-form-values";

export type JobFormChange = Partial<JobFormBody>;

/** Made again for each save, as they are what has changed already. */
const VARIABLES: readonly string[] = ["env", "envSecret", "envRemove"];

/** A PATCH replaces them as a whole: a part would take the others away. */
const WHOLE: readonly string[] = ["envFrom", "parameters"];

/**
 * What of a form was touched, as a PATCH has it: what a form only showed is not sent, however it was shown.
 * @param values read without a problem
 * @param before what the form was filled with
 */
export function changedOnly(values: JobFormValues, before: JobFormValues): JobFormChange {
  const now = readJobForm(values, before);
  const was = readJobForm(before, before);
  if (!now.ok) return {};
  const shown: JobFormChange = was.ok ? was.body : {};
  const changed = Object.fromEntries(
    Object.entries(now.body).flatMap(([name, value]): [string, unknown][] => {
      if (VARIABLES.includes(name)) return [[name, value]];
      const rest = differing(value, shown[name as keyof JobFormBody], WHOLE.includes(name));
      return rest === undefined ? [] : [[name, rest]];
    }),
  );
  // A short threshold is only taken with its tick, whichever of the two was touched.
  const { allowShort } = now.body;
  return "stuckAfterMs" in changed && allowShort !== undefined ? { ...changed, allowShort } : changed;
}

/** undefined: nothing. Of what is made of parts, the parts that differ. */
function differing(now: unknown, was: unknown, isWhole: boolean): unknown {
  if (JSON.stringify(now) === JSON.stringify(was)) return undefined;
  if (isWhole || !isParts(now) || !isParts(was)) return now;
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => value !== was[name]));
}

function isParts(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
