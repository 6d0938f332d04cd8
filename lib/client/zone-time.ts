/** Wall clocks of a time zone, for date and time fields: `2026-12-24T03:00`, with seconds where there are some. */

const WALL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

export function isTimezone(text: string): boolean {
  try {
    return text !== "" && formatFor(text) !== null;
  } catch {
    return false;
  }
}

/** Of the person at this browser. */
export function browserTimezone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** All that this browser knows. UTC is missing from what it lists. */
export function timezones(): readonly string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
}

/** What a clock on the wall there shows. */
export function wallTimeIn(iso: string, timezone: string): string {
  const text = new Date(wallMs(Date.parse(iso), timezone)).toISOString().slice(0, 19);
  return text.endsWith(":00") ? text.slice(0, 16) : text;
}

/**
 * The moment at which a clock on the wall there shows that. Of an hour that comes twice it is the first; a time that is left out counts as that much
 * later.
 * @returns null: it is no time
 */
export function instantOf(wall: string, timezone: string): string | null {
  const parts = WALL.exec(wall.trim());
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second = "0"] = parts;
  const asUtc = Date.UTC(
    ...([Number(year), Number(month) - 1, Number(day)] as const),
    ...([Number(hour), Number(minute), Number(second)] as const),
  );
  const isReal = new Date(asUtc).toISOString().slice(0, 16) === wall.trim().slice(0, 16);
  if (!isReal) return null;
  // On either side of a change of clocks; of an hour that comes twice the earlier one.
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((at) => wallMs(at, timezone) - at);
  const found = offsets.map((offset) => asUtc - offset).filter((at) => wallMs(at, timezone) === asUtc);
  return new Date(found.length > 0 ? Math.min(...found) : asUtc - (offsets[0] ?? 0)).toISOString();
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      ...({ timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" } as const),
      ...({ hour: "numeric", minute: "numeric", second: "numeric" } as const),
    });
  formats.set(timeZone, known);
  return known;
}

/** The clock on the wall there as if it were UTC, in epoch milliseconds. */
function wallMs(at: number, timezone: string): number {
  const parts = new Map(
    formatFor(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return Date.UTC(
    ...([part("year"), part("month") - 1, part("day")] as const),
    ...([part("hour"), part("minute"), part("second")] as const),
  );
}
