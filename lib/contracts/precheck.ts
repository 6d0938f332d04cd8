import { z } from "zod";
import { PRECHECKS } from "@/lib/domain/precheck";
import { FactView, RunView } from "./run";
import { AgeHours } from "./stuck";

export const PrecheckQuery = z.object({ ageHours: AgeHours.optional() });

export const PrecheckView = z.object({
  precheck: z.enum(PRECHECKS),
  run: RunView.nullable(),
  reason: z.string(),
  /** The threshold that was applied. */
  ageHours: z.number(),
  evidence: z.array(FactView),
});
export type PrecheckView = z.infer<typeof PrecheckView>;
