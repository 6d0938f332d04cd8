/**
 * A time zone: how far east of UTC its clocks are, in milliseconds, when they show a time.
 * @typedef {{ name: string, offsetAt(localMs: number): number }} Zone
 */

/** @type {Zone} */
export const UTC = { name: "UTC", offsetAt: () => 0 };
const FIXED = /^(?:UTC|GMT|Z)?([+-])(\d{1,2})(?::?(\d\d))?$/i;
const BUCKET_MS = 15 * 60_000;
const MOST_BUCKETS = 50_000;

/**
 * @param {string} text `Europe/Vienna`, `+05:30`, `UTC` or `local`
 * @returns {Zone | null} null: there is no such zone
 */
export function zoneOf(text) {
  if (/^(UTC|GMT|Z)$/i.test(text)) return UTC;
  const fixed = FIXED.exec(text);
  if (fixed !== null) {
    const [, sign, hours, minutes = "0"] = fixed;
    const ms = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
    return Math.abs(ms) <= 14 * 3_600_000 ? { name: text, offsetAt: () => ms } : null;
  }
  try {
    return named(text === "local" ? Intl.DateTimeFormat().resolvedOptions().timeZone : text);
  } catch {
    return null;
  }
}

/** @param {string} name of the IANA list @returns {Zone} @throws {RangeError} no such zone */
function named(name) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  /** @param {number} utcMs */
  const offsetAtUtc = (utcMs) => {
    const parts = Object.fromEntries(
      format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utcMs / 1_000) * 1_000;
  };
  /** @type {Map<number, number>} */
  const known = new Map();
  return {
    name,
    offsetAt(localMs) {
      // Clocks are changed on a quarter hour; asking Intl for each of a million rows would take a minute.
      const bucket = Math.floor(localMs / BUCKET_MS);
      let offset = known.get(bucket);
      if (offset === undefined) {
        const first = offsetAtUtc(localMs);
        offset = offsetAtUtc(localMs - first);
        if (known.size >= MOST_BUCKETS) known.clear();
        known.set(bucket, offset);
      }
      return offset;
    },
  };
}
