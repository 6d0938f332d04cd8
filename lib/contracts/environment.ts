import { z } from "zod";
import { ENVIRONMENT_SOURCES, ENVIRONMENT_USES } from "@/lib/domain/environment";
import { Instant } from "./page";

const Missing = z.object({
  name: z.string(),
  from: z.enum(["inherited", "recorded"]),
  /** Only `.env` sets it, which is for Unstuck itself. */
  inDotEnv: z.boolean(),
});

/** Why a value is not shown. */
export const HIDDEN_BECAUSE = ["secret", "credentials", "each_run"] as const;

/** GET /api/v1/jobs/:job/environment: what a run started now would be given. */
export const JobEnvironmentView = z.object({
  job: z.string(),
  use: z.enum(ENVIRONMENT_USES),
  variables: z.array(
    z.object({
      name: z.string(),
      /** null: not shown, or not known before there is a run; `hidden` says which. */
      value: z.string().nullable(),
      from: z.enum(ENVIRONMENT_SOURCES),
      hidden: z.enum(HIDDEN_BECAUSE).nullable(),
    }),
  ),
  missing: z.array(Missing),
});
export type JobEnvironmentView = z.infer<typeof JobEnvironmentView>;

/** GET /api/v1/environment: what runs are handed of the dashboard's own environment, before their jobs add anything. */
export const EnvironmentView = z.object({
  use: z.enum(ENVIRONMENT_USES),
  recordedAt: Instant.nullable(),
  base: z.array(z.string()),
  /** As UNSTUCK_INHERIT has it. */
  inherit: z.array(z.string()),
  inherited: z.array(z.string()),
  /** What the recorded list holds, and whom the short environment takes it from. */
  recorded: z.array(
    z.object({
      name: z.string(),
      isSet: z.boolean(),
      /** Only `.env` sets it, so `UNSTUCK_INHERIT` cannot keep it. */
      inDotEnv: z.boolean(),
      /** It stays with the short environment too: `UNSTUCK_INHERIT` lets it through, or it is in the base. */
      stays: z.boolean(),
      /** How many jobs would lose it. */
      losingCount: z.number().int(),
      /** Jobs that set it themselves; the first 20 by id. */
      setBy: z.array(z.string()),
    }),
  ),
  jobCount: z.number().int(),
  missing: z.array(Missing),
});
export type EnvironmentView = z.infer<typeof EnvironmentView>;

/** PUT /api/v1/environment */
export const EnvironmentBody = z.strictObject({
  use: z.enum(ENVIRONMENT_USES),
  reason: z.string().trim().max(500).optional(),
});
export type EnvironmentBody = z.infer<typeof EnvironmentBody>;
