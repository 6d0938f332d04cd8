/**
 * One line of the result. `baseline`: the same work without Unstuck, measured in the same run; null where there is none.
 * @typedef {{ figure: string, unit: string, value: number, baseline: number | null }} Figure
 */

/**
 * @param {string} figure
 * @param {string} unit
 * @param {number} value
 * @param {number | null} [baseline]
 * @returns {Figure}
 */
export function figure(figure, unit, value, baseline = null) {
  return { figure, unit, value, baseline };
}

/**
 * Two lines, the median and the 95th percentile, of values with a baseline of the same kind.
 * @param {string} name
 * @param {string} unit
 * @param {readonly number[]} values
 * @param {readonly number[]} baseline
 */
export function p50AndP95(name, unit, values, baseline) {
  return [50, 95].map((rank) =>
    figure(`${name}, p${rank}`, unit, percentile(values, rank), percentile(baseline, rank)),
  );
}

/** @param {readonly number[]} values */
export function median(values) {
  return percentile(values, 50);
}

/**
 * The nearest-rank percentile: always a value that was measured.
 * @param {readonly number[]} values
 * @param {number} rank 0 to 100
 */
export function percentile(values, rank) {
  const sorted = [...values].sort((a, b) => a - b);
  const index = Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1);
  return sorted[index] ?? Number.NaN;
}
