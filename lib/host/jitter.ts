/**
 * A random number from 0 up to, but not including, 1, by which waits are spread. In test builds UNSTUCK_TEST_JITTER fixes it.
 */
export function jitter(): number {
  const fixed = process.env.UNSTUCK_TEST_BUILD === "1" ? process.env.UNSTUCK_TEST_JITTER : undefined;
  return fixed === undefined ? Math.random() : Number(fixed);
}
