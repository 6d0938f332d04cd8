import { z } from "zod";
import { CHECK_STATUSES } from "@/lib/domain/doctor";

export const CheckView = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(CHECK_STATUSES),
  found: z.string(),
  fix: z.string().nullable(),
});

/** GET /api/v1/doctor */
export const DoctorAnswer = z.object({ checks: z.array(CheckView) });
export type DoctorAnswer = z.infer<typeof DoctorAnswer>;
