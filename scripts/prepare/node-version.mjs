const LEAST = [20, 19, 0];

/**
 * One sentence when this Node is too old, else null. Syntax old Nodes can read too: it must get as far as telling.
 * @param {string} version as in process.versions.node
 */
export function nodeProblem(version) {
  const found = version.split(".").map(Number);
  for (let index = 0; index < LEAST.length; index += 1) {
    const difference = (found[index] ?? 0) - (LEAST[index] ?? 0);
    if (difference > 0) return null;
    if (difference < 0)
      return `Unstuck needs Node ${LEAST.join(".")} or newer, and this is Node ${version}. Install a newer Node and try again.`;
  }
  return null;
}
