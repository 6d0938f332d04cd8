import type { HoldView } from "@/lib/contracts/hold";
import type { Hold } from "@/lib/domain/hold";

export function toHoldView({ until, createdAt, ...hold }: Hold): HoldView {
  return {
    ...hold,
    until: until === null ? null : new Date(until).toISOString(),
    createdAt: new Date(createdAt).toISOString(),
  };
}
