import type { ScheduleView } from "@/lib/contracts/schedule";
import { findParameter, isSecret, type JobParameters, namesOf } from "@/lib/domain/parameters";
import { type DraftReading, draftOf, type ParameterDraft, readDraft } from "./parameter-draft";

const NONE: JobParameters = { type: "object", properties: {}, required: [] };

/** What a schedule can give of what a job declares: all but passwords, which nothing but a run keeps sealed. */
export type Givable = { readonly parameters: JobParameters; readonly secrets: readonly string[] };

export function givableOf(declared: JobParameters | null): Givable {
  const all = declared ?? NONE;
  const secrets = namesOf(all).filter((name) => {
    const parameter = findParameter(all, name);
    return parameter !== null && isSecret(parameter);
  });
  const isGivable = (name: string) => !secrets.includes(name);
  return {
    secrets,
    parameters: {
      ...all,
      properties: Object.fromEntries(Object.entries(all.properties).filter(([name]) => isGivable(name))),
      required: all.required.filter(isGivable),
    },
  };
}

type Before = Pick<ScheduleView, "parameters"> | null;

export function scheduleParameterDraft({ parameters }: Givable, before: Before): ParameterDraft {
  const given = before?.parameters ?? null;
  return draftOf(parameters, given === null ? null : { parameters: given, parametersSecret: [] });
}

type Values = Extract<DraftReading, { ok: true }>["values"];
type Reading = { readonly ok: true; readonly values: Values | null } | Extract<DraftReading, { ok: false }>;

/** Where nothing was said and nothing was touched, nothing is given: a run that goes on then keeps what it had. */
export function readScheduleParameters(givable: Givable, draft: ParameterDraft, before: Before): Reading {
  const { parameters } = givable;
  if (namesOf(parameters).length === 0) return { ok: true, values: null };
  const reading = readDraft(parameters, draft);
  if (!reading.ok) return reading;
  const untouched = JSON.stringify(draft) === JSON.stringify(scheduleParameterDraft(givable, before));
  const isSilent = (before?.parameters ?? null) === null && untouched;
  return { ok: true, values: isSilent ? null : reading.values };
}
