import { z } from "zod";
import { ALERT_KINDS } from "@/lib/domain/alert";
import { Instant, PageQuery, pageOf } from "./page";

export const AlertView = z.object({
  id: z.string(),
  at: Instant,
  kind: z.enum(ALERT_KINDS),
  title: z.string(),
  detail: z.string(),
  /** How many runs of each category there were. */
  /** The job it is about, where it is about one. */
  job: z.string().nullable().optional(),
  counts: z.record(z.string(), z.number().int()),
  acknowledgedAt: Instant.nullable(),
  acknowledgedBy: z.string().nullable(),
});
export type AlertView = z.infer<typeof AlertView>;
export const AlertPage = pageOf(AlertView);

export const ListAlertsQuery = PageQuery.extend({ open: z.literal("1").optional() });
export const AlertParams = z.object({ alert: z.string().min(1).max(60) });
