import { PEERS } from "./adapters/adapter.mjs";
import { SCENARIOS } from "./scenarios/all.mjs";

/**
 * @typedef {Readonly<Record<string, string | undefined>>} Words as they stand on the command line
 * @typedef {object} Options
 * @property {string[]} peers
 * @property {string[]} scenarios
 * @property {string | undefined} out where rows go as JSON lines, each as soon as it is measured
 * @property {string | undefined} variant only what has this in its label
 * @property {number} passes all of it so many times; the table has the medians
 * @property {number} capMs no new scenario of a peer is begun after so long
 */

const DEFAULT_PEERS = "bare,unstuck,supervisord,pm2";
const DEFAULT_CAP_S = "900";

/**
 * @param {Words} words
 * @returns {Options}
 * @throws Error that says what was expected and what was found
 */
export function optionsOf(words) {
  return {
    peers: listOf("peer", words.peer ?? DEFAULT_PEERS, PEERS),
    scenarios: listOf(
      "scenarios",
      words.scenarios ?? Object.keys(SCENARIOS).join(","),
      Object.keys(SCENARIOS),
    ),
    out: words.out,
    variant: words.variant,
    passes: numberOf("passes", words.passes ?? "1"),
    capMs: numberOf("cap", words.cap ?? DEFAULT_CAP_S) * 1_000,
  };
}

/**
 * @param {string} name
 * @param {string} text
 * @param {readonly string[]} known
 */
function listOf(name, text, known) {
  const found = text.split(",");
  const unknown = found.filter((one) => !known.includes(one));
  if (unknown.length > 0)
    throw new Error(`Expected ${known.join(", ")} for --${name}; found "${unknown.join(", ")}".`);
  return found;
}

/**
 * @param {string} name
 * @param {string} text
 */
function numberOf(name, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`Expected a whole number from 1 for --${name}; found "${text}".`);
  return number;
}
