const CALIBRATIONS = 20;

/**
 * Milliseconds since the epoch with fractions, comparable with what `date +%s%N` prints in another process. Date.now() has
 * whole milliseconds only, so the monotonic clock is set by the moment it ticks. Whatever disturbs that makes the offset
 * smaller, so the largest of several is the best.
 * @returns {() => number}
 */
export function wallClock() {
  const offset = Math.max(...Array.from({ length: CALIBRATIONS }, offsetAtTick));
  return () => offset + performance.now();
}

function offsetAtTick() {
  const before = Date.now();
  let tick = before;
  while (tick === before) tick = Date.now();
  return tick - performance.now();
}

/**
 * @param {string} text what `date +%s%N` printed
 * @returns {number} milliseconds since the epoch
 */
export function stampMs(text) {
  const line = text.trim();
  if (!/^\d{19}$/.test(line))
    throw new Error(`Expected nanoseconds as GNU date prints them, found "${line}".`);
  return Number(line.slice(0, 13)) + Number(line.slice(13)) / 1e6;
}
