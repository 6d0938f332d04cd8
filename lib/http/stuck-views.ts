import type { AlertView } from "@/lib/contracts/alert";
import type { PrecheckView } from "@/lib/contracts/precheck";
import type { StuckAnswer, StuckItemView } from "@/lib/contracts/stuck";
import { HOUR_MS } from "@/lib/domain/hours";
import type { StoredAlert } from "@/lib/domain/ports/stuck";
import type { PrecheckAnswer } from "@/lib/services/jobs/precheck-job";
import type { Stuck, StuckItem } from "@/lib/services/stuck/list-stuck";
import { toFactView, toRunView } from "./views";

export function toStuckAnswer(stuck: Stuck, ageHours: number | null): StuckAnswer {
  const { at, counts, items, nextCursor, lastCheck } = stuck;
  return {
    at: instant(at),
    ageHours,
    counts: { ...counts },
    items: items.map((item) => toItemView(item, at)),
    nextCursor,
    lastCheck: lastCheck === null ? null : { at: instant(lastCheck.at), found: lastCheck.found },
  };
}

export function toItemView({ seen, category, ageMs, sentence, can }: StuckItem, now: number): StuckItemView {
  return { run: toRunView(seen, now), category, ageMs, sentence, can: [...can] };
}

export function toPrecheckView(answer: PrecheckAnswer, now: number): PrecheckView {
  const { precheck, run, reason, ageMs, evidence } = answer;
  return {
    precheck,
    run: run === null ? null : toRunView(run, now),
    reason,
    ageHours: ageMs / HOUR_MS,
    evidence: evidence.map(toFactView),
  };
}

export function toAlertView(alert: StoredAlert): AlertView {
  const { id, at, kind, title, detail, job, counts, acknowledgedAt, acknowledgedBy } = alert;
  return {
    id,
    at: instant(at),
    kind,
    title,
    detail,
    job,
    counts: { ...counts },
    acknowledgedAt: acknowledgedAt === null ? null : instant(acknowledgedAt),
    acknowledgedBy,
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
