import { z } from "zod";
import { ERROR_CODES } from "@/lib/domain/errors";

/** The body of every refusal (RFC 9457), sent as application/problem+json. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(ERROR_CODES),
  detail: z.string(),
  details: z.record(z.string(), z.unknown()),
  requestId: z.string().nullable(),
});
export type Problem = z.infer<typeof Problem>;
