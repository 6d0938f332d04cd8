import { z } from "zod";
import { Instant, PageQuery, pageOf } from "./page";

const OUTCOMES = ["done", "refused"] as const;

const Filter = {
  actor: z.string().min(1).max(80).optional(),
  /** An action, or the beginning of several with a dot at its end: `run.`. */
  action: z
    .string()
    .regex(/^[a-z_]+(\.[a-z_]+)*\.?$/, "expected an action like run.started, or the beginning run.")
    .max(80)
    .optional(),
  job: z.string().min(1).max(80).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  since: Instant.optional(),
  until: Instant.optional(),
};

export const AuditQuery = PageQuery.extend(Filter).extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "expected the cursor of a page before")
    .optional(),
});

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export const AuditExportQuery = z.object({ ...Filter, format: z.enum(EXPORT_FORMATS).default("csv") });

export const AuditView = z.object({
  id: z.number().int(),
  at: Instant,
  actor: z.string(),
  action: z.string(),
  job: z.string().nullable(),
  run: z.string().nullable(),
  reason: z.string().nullable(),
  details: z.unknown(),
  /** By what it was asked: session, token, socket, open; null: the process itself did it, or it is older than accounts. */
  via: z.string().nullable(),
  viaId: z.string().nullable(),
  address: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
});
export type AuditView = z.infer<typeof AuditView>;
export const AuditPage = pageOf(AuditView);
