import { z } from "zod";
import { STUCK_CATEGORIES, STUCK_REMEDIES } from "@/lib/domain/stuck";
import { JobIdParam, Label } from "./job";
import { Instant, PageQuery } from "./page";
import { RunView } from "./run";

/** Hours, with fractions; at most ten years. */
export const AgeHours = z.coerce.number().min(0).max(87_600);

/** GET /api/v1/stuck */
export const StuckQuery = PageQuery.extend({
  /** Only what is older. Without it: what is proven over at any age, and what lives past its job's own threshold. */
  ageHours: AgeHours.optional(),
  job: JobIdParam.optional(),
  tag: Label.optional(),
});

export const StuckItemView = z.object({
  run: RunView,
  category: z.enum(STUCK_CATEGORIES),
  ageMs: z.number().int(),
  /** What is the matter and what can be done, in one sentence. */
  sentence: z.string(),
  can: z.array(z.enum(STUCK_REMEDIES)),
});
export type StuckItemView = z.infer<typeof StuckItemView>;

/** Each run counts once. */
export const StuckCounts = z.object({
  resumable: z.number().int(),
  dead: z.number().int(),
  complete: z.number().int(),
  unknown: z.number().int(),
  /** Alive, and over its age or its time: it has to be stopped first. */
  hung: z.number().int(),
  orphaned: z.number().int(),
  waiting: z.number().int(),
  /** A newer run of their job stands before them. */
  superseded: z.number().int(),
});
export type StuckCounts = z.infer<typeof StuckCounts>;

export const StuckAnswer = z.object({
  at: Instant,
  ageHours: z.number().nullable(),
  counts: StuckCounts,
  items: z.array(StuckItemView),
  nextCursor: z.string().nullable(),
  /** The last periodic check; null: there was none yet. */
  lastCheck: z.object({ at: Instant, found: z.number().int() }).nullable(),
});
export type StuckAnswer = z.infer<typeof StuckAnswer>;
