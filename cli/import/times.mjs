import { UTC } from "./zone.mjs";

/**
 * How a column's times are to be read. `order`: of day and month where both orders are possible.
 * @typedef {{ zone: import("./zone.mjs").Zone, order: "dmy" | "mdy" | null }} Reading
 *
 * `unset`: a time that stands for none, as the zero of Go or MySQL. `either`: day and month cannot be told apart.
 * `isDay`: a day without the time, or with midnight for it, as some write a day.
 * @typedef {{ kind: "zoned" | "naive" | "epoch" | "serial", at: number, isDay: boolean } | { kind: "unset" } | { kind: "either" }} Time
 */

const UNSET =
  /^(?:0+(?:\.0+)?|-62135596800(?:000)?|0000-00-00(?:[T ]00:00:00(?:\.0+)?)?|0001-01-01(?:[T ]00:00:00.*)?|1970-01-01[T ]00:00:00(?:\.0+)?\s*(?:Z|UTC|\+00:?00.*)?)$/;
const CLOCK =
  "(?<hour>\\d{1,2}):(?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:[.,](?<fraction>\\d+))?)?\\s*(?<half>[AP]\\.?M\\.?)?";
const ZONE = "(?<zone>(?:UTC|GMT)?\\s?[+-]\\d{1,2}(?::?\\d\\d)?(?::\\d\\d)?|Z|[A-Z]{2,5})";
/** Go says +0800 CST, JavaScript GMT+0100 (Central European Standard Time), Go's monotonic clock m=+0.01. */
const TAIL = "(?:\\s+[A-Z]{2,5}|\\s+[+-]\\d{2,4})?(?:\\s+\\([^)]*\\))?(?:\\s+m=\\S+)?";
const REST = `(?:(?:T|,?\\s+)${CLOCK}\\s*${ZONE}?${TAIL})?`;
const SHAPES = [
  `(?<year>\\d{4})[-/.](?<month>\\d{1,2})[-/.](?<day>\\d{1,2})${REST}`,
  `(?<year>\\d{4})年(?<month>\\d{1,2})月(?<day>\\d{1,2})日(?:\\s*${CLOCK})?`,
  `(?<year>(?:19|20)\\d\\d)(?<month>\\d\\d)(?<day>\\d\\d)(?:T?(?<hour>\\d\\d)(?<minute>\\d\\d)(?<second>\\d\\d)(?:[.,](?<fraction>\\d+))?${ZONE}?)?`,
  `(?<one>\\d{1,2})(?<mark>[./-])(?<two>\\d{1,2})\\k<mark>(?<year>\\d{4}|\\d\\d)${REST}`,
  `(?:[A-Z]{3,9},?\\s+)?(?<day>\\d{1,2})[ -](?<name>[A-Z]{3})[A-Z]*[ -](?<year>\\d{4})${REST}`,
  `(?:[A-Z]{3,9},?\\s+)?(?<name>[A-Z]{3})[A-Z]*\\s+(?<day>\\d{1,2}),?\\s+(?<year>\\d{4})${REST}`,
  `(?:[A-Z]{3,9},?\\s+)?(?<name>[A-Z]{3})[A-Z]*\\s+(?<day>\\d{1,2})\\s+${CLOCK}\\s*${ZONE}?\\s+(?<year>\\d{4})`,
].map((shape) => new RegExp(`^${shape}$`, "i"));
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** In hours. Those that mean several places (CST, IST, BST) are not here. */
const ZONE_NAMES = new Map(
  Object.entries({
    Z: 0,
    UTC: 0,
    GMT: 0,
    WET: 0,
    WEST: 1,
    CET: 1,
    CEST: 2,
    EET: 2,
    EEST: 3,
    MSK: 3,
    EST: -5,
    EDT: -4,
    CDT: -5,
    MST: -7,
    MDT: -6,
    PST: -8,
    PDT: -7,
    JST: 9,
    KST: 9,
  }),
);
/** Excel counts days from here; the number of a day in our time has five digits. */
const EXCEL_ZERO = Date.UTC(1899, 11, 30);
/** How many of them a millisecond has: seconds, milliseconds, microseconds, nanoseconds. */
const PER_MS = [0.001, 1, 1e3, 1e6];
const DAY_MS = 86_400_000;

/**
 * @param {string} text
 * @param {Reading} [reading]
 * @returns {Time | null} null: it is no time
 */
export function readTime(text, reading = { zone: UTC, order: null }) {
  if (UNSET.test(text)) return { kind: "unset" };
  // Java puts the zone's name behind its offset.
  const bare = text.replace(/\[[\w/+-]+\]$/, "");
  for (const shape of SHAPES) {
    const groups = shape.exec(bare)?.groups;
    if (groups !== undefined) return ofParts(groups, reading);
  }
  return ofNumber(text, reading);
}

/**
 * Seconds, milliseconds, microseconds or nanoseconds since 1970, by their size; or Excel's days.
 * @param {string} text
 * @param {Reading} reading
 * @returns {Time | null}
 */
function ofNumber(text, { zone }) {
  if (!/^\d+(\.\d+)?(e\+?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  if (number >= 20_000 && number < 80_000) {
    const local = EXCEL_ZERO + Math.round(number * DAY_MS);
    return { kind: "serial", at: local - zone.offsetAt(local), isDay: Number.isInteger(number) };
  }
  const unit = [1e8, 1e11, 1e14, 1e17, 1e20].findIndex((least) => number < least) - 1;
  if (unit < 0) return null;
  return { kind: "epoch", at: Math.round(number / (PER_MS[unit] ?? 1)), isDay: false };
}

/**
 * @param {Record<string, string | undefined>} groups
 * @param {Reading} reading
 * @returns {Time | null}
 */
function ofParts(groups, { zone, order }) {
  const date = dateOf(groups, order);
  if (date === null || date === "either") return date === null ? null : { kind: "either" };
  const [year, month, day] = date;
  const { half, minute = "0", second = "0", fraction = "0" } = groups;
  let hour = Number(groups.hour ?? 0);
  if (half !== undefined) hour = (hour % 12) + (/^p/i.test(half) ? 12 : 0);
  if (month < 1 || month > 12 || hour > 24 || Number(minute) > 59 || Number(second) > 60) return null;
  const midnight = Date.UTC(year, month - 1, day);
  if (new Date(midnight).getUTCDate() !== day) return null;
  const local =
    midnight +
    hour * 3_600_000 +
    Number(minute) * 60_000 +
    Number(second) * 1_000 +
    Number(fraction.padEnd(3, "0").slice(0, 3));
  const isDay = local === midnight;
  if (groups.zone === undefined) return { kind: "naive", at: local - zone.offsetAt(local), isDay };
  const offset = offsetOf(groups.zone);
  return offset === null ? null : { kind: "zoned", at: local - offset, isDay };
}

/**
 * @param {Record<string, string | undefined>} groups
 * @param {Reading["order"]} order
 * @returns {[number, number, number] | "either" | null}
 */
function dateOf({ year = "", month, day, name, one, two, mark }, order) {
  const full = year.length === 2 ? 2_000 + Number(year) : Number(year);
  if (name !== undefined) return [full, MONTHS.indexOf(name.toLowerCase()) + 1, Number(day)];
  if (one === undefined || two === undefined) return [full, Number(month), Number(day)];
  const by = mark === "." || Number(one) > 12 ? "dmy" : Number(two) > 12 ? "mdy" : order;
  if (by === null) return one === two ? [full, Number(one), Number(two)] : "either";
  return by === "dmy" ? [full, Number(two), Number(one)] : [full, Number(one), Number(two)];
}

/** In milliseconds; null: a name that means nothing, or several places. @param {string} zone */
function offsetOf(zone) {
  const digits = /([+-])(\d{1,2}):?(\d\d)?/.exec(zone);
  if (digits === null) {
    const hours = ZONE_NAMES.get(zone.toUpperCase());
    return hours === undefined ? null : hours * 3_600_000;
  }
  const [, sign, hours, minutes = "0"] = digits;
  return (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
}

/**
 * Which order a column's dates are in, by one of them: its first or its second number is above 12.
 * @param {string} text
 */
export function orderIn(text) {
  const [, one, two] = /^(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b/.exec(text) ?? [];
  if (Number(one) > 12) return "dmy";
  return Number(two) > 12 ? "mdy" : null;
}
