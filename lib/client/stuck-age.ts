import { HOUR_MS } from "@/lib/domain/hours";
import { SHORTEST_SAFE_AGE_MS } from "@/lib/domain/plan";

export const SAFE_HOURS = SHORTEST_SAFE_AGE_MS / HOUR_MS;
export const MOST_HOURS = 87_600;

/** The thresholds offered by one press; null: whatever is proven over, at any age. */
export const AGE_CHOICES: readonly (number | null)[] = [null, 12, 24, 48];

/** What stands in the address or was typed → hours; null for nothing, or what is no number of hours. */
export function readAgeHours(text: string | null | undefined): number | null {
  const trimmed = (text ?? "").trim().replace(",", ".");
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(trimmed)) return null;
  const hours = Number(trimmed);
  return hours <= MOST_HOURS ? hours : null;
}

/** Below twelve hours a run that is merely slow is taken for dead. */
export function isShortAge(ageHours: number | null): boolean {
  return ageHours !== null && ageHours < SAFE_HOURS;
}
