import { z } from "zod";
import type { HoldTarget } from "@/lib/domain/hold";
import { HOLD_ID_PATTERN, type HoldId, parseHoldId } from "@/lib/domain/ids";
import { JobIdParam, Label } from "./job";
import { Instant } from "./page";

const Target = z.string().transform((text, ctx): HoldTarget => {
  const [kind = "", ...rest] = text.split(":");
  const name = rest.join(":");
  if (text === "all") return text;
  if (kind === "tag" && Label.safeParse(name).success) return `tag:${name}`;
  if (kind === "job" && JobIdParam.safeParse(name).success) return `job:${name}`;
  ctx.addIssue({ code: "custom", message: 'expected "all", "tag:NAME" or "job:ID"' });
  return z.NEVER;
});

/** POST /api/v1/holds */
export const PlaceHoldBody = z.strictObject({
  on: Target,
  reason: z.string().trim().min(1, "expected a reason: every page shows it during the hold").max(500),
  /** Left out: until it is released. */
  until: Instant.nullable().optional(),
});
export type PlaceHoldInput = z.input<typeof PlaceHoldBody>;

const HoldIdParam = z.string().transform((text, ctx): HoldId => {
  const id = parseHoldId(text);
  if (id !== null) return id;
  ctx.addIssue({ code: "custom", message: `expected a hold's id (${HOLD_ID_PATTERN.source})` });
  return z.NEVER;
});
export const HoldParams = z.object({ hold: HoldIdParam });

export const HoldView = z.object({
  id: z.string(),
  on: z.string(),
  reason: z.string(),
  until: Instant.nullable(),
  actor: z.string(),
  createdAt: Instant,
});
export type HoldView = z.infer<typeof HoldView>;
export const HoldList = z.object({ items: z.array(HoldView) });
