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
