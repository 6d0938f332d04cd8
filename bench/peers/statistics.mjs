import { percentile as nearestRank } from "../rig/figures.mjs";

/**
 * The nearest-rank percentile; null of nothing. What was not measured (null) does not count.
 * @param {readonly (number | null)[]} values
 * @param {number} rank 0 to 100
 * @returns {number | null}
 */
export function percentile(values, rank) {
  const measured = values.filter((value) => value !== null);
  return measured.length === 0 ? null : nearestRank(measured, rank);
}

/** @param {readonly (number | null)[]} values */
export function median(values) {
  return percentile(values, 50);
}

/**
 * @param {number | null | undefined} value
 * @param {number} [digits] after the point
 * @returns {number | null} null when it was not measured
 */
export function round(value, digits = 1) {
  return value === null || value === undefined || Number.isNaN(value) ? null : Number(value.toFixed(digits));
}

/**
 * How many times the other; null when one of both was not measured.
 * @param {number | null | undefined} value
 * @param {number | null | undefined} other
 */
export function times(value, other) {
  if (value === null || value === undefined || other === null || other === undefined || other === 0)
    return null;
  return value / other;
}
