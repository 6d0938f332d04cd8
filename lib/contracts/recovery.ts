import { z } from "zod";
import { RECOVERY_ACTIONS, RECOVERY_STATES } from "@/lib/domain/auto-recovery";
import { Instant } from "./page";

/** GET /api/v1/jobs/:job/recovery */
export const RecoveryView = z.object({
  job: z.string(),
  enabled: z.boolean(),
  state: z.enum(RECOVERY_STATES),
  /** In a row, without a healthy stretch between them. */
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  resumed: z.number().int(),
  restarted: z.number().int(),
  since: Instant.nullable(),
  nextAt: Instant.nullable(),
  nextAction: z.enum(RECOVERY_ACTIONS).nullable(),
  run: z.string().nullable(),
  reason: z.string().nullable(),
});
export type RecoveryView = z.infer<typeof RecoveryView>;

export const RecoveryBody = z.strictObject({ reason: z.string().trim().max(500).optional() });
