"use client";

import { useState } from "react";
import { useFocusOnWrong } from "@/components/ui/use-focus-on-wrong";
import type { ParameterDraft } from "@/lib/client/parameter-draft";
import { issueAtField } from "@/lib/client/parameter-draft";
import { type DraftIssues, readScheduleDraft } from "@/lib/client/read-schedule-draft";
import { draftOfSchedule, emptyDraft, type ScheduleDraft } from "@/lib/client/schedule-draft";
import { givableOf, readScheduleParameters, scheduleParameterDraft } from "@/lib/client/schedule-parameters";
import { placeRefusal } from "@/lib/client/schedule-problem";
import { browserTimezone } from "@/lib/client/zone-time";
import type { JobView } from "@/lib/contracts/job";
import type { CreateScheduleInput, ScheduleView } from "@/lib/contracts/schedule";
import { useSchedulePreview } from "./use-schedule-preview";
import { useSettled } from "./use-settled";

export type SaveSchedule = (body: CreateScheduleInput, onRefused: () => void) => void;

type Options = {
  job: JobView;
  schedule: ScheduleView | null;
  save: SaveSchedule;
  action: { readonly error: unknown; readonly reset: () => void };
  onUnsaved: (unsaved: boolean) => void;
};

const MINUTE_MS = 60_000;

/** What was typed, what is wrong with it, and its preview. */
export function useScheduleForm({ job, schedule, save, action, onUnsaved }: Options) {
  // As it was when the dialog opened: a field must not change while it is typed into.
  const [givable] = useState(() => givableOf(job.parameters));
  const [madeAt] = useState(() => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
  const [initial] = useState(() => ({
    draft: schedule === null ? emptyDraft(browserTimezone()) : draftOfSchedule(schedule),
    values: scheduleParameterDraft(givable, schedule),
  }));
  const [draft, setDraft] = useState(initial.draft);
  const [values, setValues] = useState(initial.values);
  const [tried, setTried] = useState(false);
  const [refusals, setRefusals] = useState(0);
  const form = useFocusOnWrong(refusals);
  const settled = useSettled(draft);
  const preview = useSchedulePreview(settled, schedule, madeAt);
  const refused = placeRefusal(action.error, draft.by);

  const refuse = () => setRefusals((count) => count + 1);
  const noteChange = (nextDraft: ScheduleDraft, nextValues: ParameterDraft) => {
    action.reset();
    onUnsaved(JSON.stringify([nextDraft, nextValues]) !== JSON.stringify([initial.draft, initial.values]));
  };

  return {
    ...{ form, draft, values, givable, preview, rest: refused.rest },
    problems: {
      ...localProblems(tried ? draft : settled, schedule, madeAt, tried),
      ...(draft === settled ? preview.refused : {}),
      ...refused.fields,
    } as DraftIssues,
    parameterProblems: parameterProblems(),
    change: (part: Partial<ScheduleDraft>) => {
      const next = { ...draft, ...part };
      setDraft(next);
      noteChange(next, values);
    },
    changeValues: (next: ParameterDraft) => {
      setValues(next);
      noteChange(draft, next);
    },
    submit: () => {
      action.reset();
      setTried(true);
      const reading = readScheduleDraft(draft, schedule, madeAt);
      const given = readScheduleParameters(givable, values, schedule);
      if (!reading.ok || !given.ok) return refuse();
      return save({ ...reading.value, parameters: given.values }, refuse);
    },
  };

  function parameterProblems(): ReadonlyMap<string, string> {
    if (refused.parameters.size > 0) return refused.parameters;
    const given = readScheduleParameters(givable, values, schedule);
    const issues = tried && !given.ok ? given.issues : [];
    return new Map(issues.map(({ path, message }) => [path, issueAtField(message)]));
  }
}

/** Nothing is called missing while it may still be typed. */
function localProblems(
  draft: ScheduleDraft,
  before: ScheduleView | null,
  madeAt: number,
  tried: boolean,
): DraftIssues {
  const reading = readScheduleDraft(draft, before, madeAt);
  if (reading.ok) return {};
  return Object.fromEntries(
    Object.entries(reading.issues).filter(([, issue]) => tried || issue !== "Required."),
  );
}
