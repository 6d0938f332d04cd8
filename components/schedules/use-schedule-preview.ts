"use client";

import { useQuery } from "@tanstack/react-query";
import { type DraftIssues, readTiming } from "@/lib/client/read-schedule-draft";
import type { ScheduleDraft } from "@/lib/client/schedule-draft";
import { placeRefusal } from "@/lib/client/schedule-problem";
import { previewQuery } from "@/lib/client/schedules";
import type { PreviewAnswer, ScheduleView } from "@/lib/contracts/schedule";

export type Preview = {
  /** null: what is typed is not complete, or cannot be read. */
  readonly answer: PreviewAnswer | null;
  /** It is of what was typed a moment ago. */
  readonly isOld: boolean;
  /** What the engine refuses, at the fields that are meant. */
  readonly refused: DraftIssues;
  readonly problem: unknown;
};

/** The next times of what is typed, by the engine that starts by them. */
export function useSchedulePreview(
  draft: ScheduleDraft,
  before: ScheduleView | null,
  madeAt: number,
): Preview {
  const timing = readTiming(draft, before, madeAt);
  const { data, error, isPlaceholderData } = useQuery(previewQuery(timing.ok ? timing.value : null));
  const { fields, rest } = placeRefusal(timing.ok ? error : null, draft.by);
  const isShown = timing.ok && error === null;
  return {
    answer: isShown ? (data ?? null) : null,
    isOld: isPlaceholderData,
    refused: fields,
    problem: rest,
  };
}
