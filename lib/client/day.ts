/** Days as people mean them: in the time zone of the browser. A day is `2026-11-28`, an instant ISO 8601 in UTC. */

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** What a date field says while a year is being typed: 0002, 0020, 0202. */
const FIRST_YEAR = 1970;

/** The instant at which a day begins; null when it is no day. */
export function startOfDay(day: string): string | null {
  return midnight(day, 0);
}

/** The instant at which the day after it begins; null when it is no day. */
export function endOfDay(day: string): string | null {
  return midnight(day, 1);
}

function midnight(day: string, plus: number): string | null {
  const [, year = "", month = "", date = ""] = DAY.exec(day) ?? [];
  const at = new Date(Number(year), Number(month) - 1, Number(date) + plus);
  return Number(year) < FIRST_YEAR || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The day an instant is on. */
export function dayOf(iso: string): string {
  const at = new Date(iso);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(padded).join("-");
}

/** The last day before an instant that ends a period: of a midnight it is the day before. */
export function lastDayBefore(iso: string): string {
  return dayOf(new Date(Date.parse(iso) - 1).toISOString());
}

/** `2026-11-28 14:03:05`, for a record. @param local false: in UTC, while the reader's own time zone is not known yet */
export function formatStamp(iso: string, local: boolean): string {
  const at = new Date(iso);
  if (!local) return at.toISOString().slice(0, 19).replace("T", " ");
  return `${dayOf(iso)} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(padded).join(":")}`;
}

function padded(count: number): string {
  return String(count).padStart(2, "0");
}
