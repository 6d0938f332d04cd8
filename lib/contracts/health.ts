import { z } from "zod";
import { ERROR_CODES } from "@/lib/domain/errors";

export const SUPERVISOR_STATES = ["booting", "ready", "failed", "stopping"] as const;

/** GET /health: 200 when the supervisor is ready, else 503 with the reason. */
export const HealthView = z.object({
  status: z.enum(["ok", "unavailable"]),
  supervisor: z.enum(SUPERVISOR_STATES),
  version: z.string(),
  code: z.enum(ERROR_CODES).nullable(),
  reason: z.string().nullable(),
  runsWatched: z.number().int(),
  uptimeMs: z.number().int(),
});
export type HealthView = z.infer<typeof HealthView>;
