import { InvalidArgumentError } from "commander";

/** What is typed behind an option, read as what it has to be. */

/**
 * @param {string} text
 * @param {string[]} before
 */
export function collect(text, before) {
  return [...before, text];
}

/**
 * `operator:tag:shop`, as the API has it.
 * @param {string} text
 * @param {Grant[]} before
 *
 * @typedef {{ role: string, on: string }} Grant
 */
export function grants(text, before) {
  const [, role = "", on = ""] = /^(viewer|operator):((?:job|tag):.+)$/.exec(text) ?? [];
  if (role === "")
    throw new InvalidArgumentError(
      `Expected viewer or operator, and a job or a tag, such as operator:tag:shop or viewer:job:nightly; found "${text}".`,
    );
  return [...before, { role, on }];
}

/** @param {string} text */
export function hours(text) {
  return number(text, /^\d+(\.\d+)?$/, 87_600, "a number of hours, such as 48");
}

/** @param {string} text */
export function seconds(text) {
  return number(text, /^\d+(\.\d+)?$/, 86_400, "seconds from 0 to 86400");
}

/** @param {string} text */
export function count(text) {
  return number(text, /^[1-9]\d*$/, 10_000, "a number from 1 to 10000");
}

/** @param {string} text */
export function lines(text) {
  return text === "all"
    ? Number.POSITIVE_INFINITY
    : number(text, /^\d+$/, 100_000, "a number up to 100000, or all");
}

const UNITS = /** @type {Record<string, number>} */ ({
  d: 86_400_000,
  h: 3_600_000,
  min: 60_000,
  m: 60_000,
  s: 1_000,
});

/** `90s`, `1h30min`, in milliseconds. @param {string} text */
export function duration(text) {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(d|h|min|m|s)(?![a-z])\s*/gi)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join("") === text.trim();
  if (!isWhole)
    throw new InvalidArgumentError(
      `Expected a length of time such as 90s, 10min or 1h30min, found "${text}".`,
    );
  return Math.round(
    parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (UNITS[unit.toLowerCase()] ?? 0), 0),
  );
}

/** A time, in UTC. @param {string} text */
export function instant(text) {
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError(
      `Expected a time such as 2026-12-24T03:00Z, or without Z in this machine's own time, found "${text}".`,
    );
  return at.toISOString();
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @param {number} most
 * @param {string} expected
 */
function number(text, pattern, most, expected) {
  const value = pattern.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw new InvalidArgumentError(`Expected ${expected}, found "${text}".`);
  return value;
}
