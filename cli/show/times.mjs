const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in one or two units: `12 s`, `3 min`, `2 h 7 min`, `3 d 4 h`. @param {number | null} ms */
export function lasting(ms) {
  if (ms === null) return "–";
  const length = Math.max(0, ms);
  if (length < MINUTE) return `${Math.floor(length / 1_000)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < DAY) return two(length, HOUR, "h", MINUTE, "min");
  return two(length, DAY, "d", HOUR, "h");
}

/**
 * @param {number} ms
 * @param {number} large
 * @param {string} largeName
 * @param {number} small
 * @param {string} smallName
 */
function two(ms, large, largeName, small, smallName) {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

/**
 * How long ago, in one unit.
 * @param {string | null} instant
 * @param {number} now
 */
export function ago(instant, now) {
  if (instant === null) return "–";
  const ms = now - Date.parse(instant);
  if (ms < -5_000) return `in ${one(-ms)}`;
  return ms < 2_000 ? "just now" : `${one(ms)} ago`;
}

/** @param {number} ms */
function one(ms) {
  if (ms < MINUTE) return `${Math.floor(ms / 1_000)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}
