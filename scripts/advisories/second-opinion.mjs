import { CannotTell } from "./cannot-tell.mjs";
import { npmAudit, npmSemver, registryOf } from "./npm.mjs";
import { productionTree } from "./production-tree.mjs";
import { advisoriesFor } from "./registry.mjs";

/**
 * @typedef {import("./registry.mjs").Advisory} Advisory
 * @typedef {import("./production-tree.mjs").Pinned} Pinned
 */

/** As npm compares them: what is before a release counts too. */
const AS_NPM = { includePrerelease: true, loose: true };
/** Those that fail nothing. What a registry calls otherwise is taken for worse. */
const LOWER = ["info", "low", "moderate"];
const TIMES = { registryMs: 30_000, npmMs: 120_000 };

/**
 * @param {string} root of a project with a package-lock.json
 * @param {typeof TIMES} times
 * @returns {Promise<{ lines: readonly string[], isBad: boolean }>} rejects with CannotTell
 */
export async function secondOpinion(root, times = TIMES) {
  const tree = productionTree(root);
  const registry = await registryOf(root);
  const found = affected(tree, await advisoriesFor(registry, tree, times.registryMs));
  const differences = differencesBetween(found, await npmAudit(root, times.npmMs));
  const severe = found.filter(({ advisory }) => !LOWER.includes(advisory.severity));
  const lines = [
    ...found.map(lineOf),
    ...differences,
    summary(tree, found, severe.length, differences.length),
  ];
  return { lines, isBad: severe.length > 0 || differences.length > 0 };
}

/**
 * @param {readonly Pinned[]} tree
 * @param {readonly Advisory[]} advisories
 */
function affected(tree, advisories) {
  const semver = npmSemver();
  return advisories.flatMap((advisory) => {
    if (semver.validRange(advisory.range, AS_NPM) === null)
      throw new CannotTell(
        `advisory ${advisory.id} for ${advisory.name} is about "${advisory.range}", which is no range of versions.`,
      );
    const versions = new Set(tree.filter(({ name }) => name === advisory.name).map(({ version }) => version));
    return [...versions]
      .filter((version) => semver.satisfies(version, advisory.range, AS_NPM))

      .map((version) => ({ advisory, version }));
  });
}

/**
 * @param {readonly { advisory: Advisory, version: string }[]} found
 * @param {readonly import("./npm.mjs").Audited[]} audited
 */
function differencesBetween(found, audited) {
  const ours = new Set(found.map(({ advisory }) => `${advisory.name}, advisory ${advisory.id}`));
  const theirs = new Set(audited.map(({ name, advisory }) => `${name}, advisory ${advisory}`));
  const onlyOurs = [...ours].filter((one) => !theirs.has(one));
  const onlyTheirs = [...theirs].filter((one) => !ours.has(one));
  return [
    ...onlyOurs.map(
      (one) => `DISAGREE  ${one}: it is about a pinned version, and npm audit does not list it.`,
    ),
    ...onlyTheirs.map((one) => `DISAGREE  ${one}: npm audit lists it, and it is about no pinned version.`),
  ];
}

/** @param {{ advisory: Advisory, version: string }} found */
function lineOf({ advisory: { severity, name, range, title, url }, version }) {
  return `${severity.padEnd(8)}  ${name} ${version} (${range}): ${title} ${url}`.trimEnd();
}

/**
 * @param {readonly Pinned[]} tree
 * @param {readonly unknown[]} found
 * @param {number} severe
 * @param {number} differences
 */
function summary(tree, found, severe, differences) {
  const pinned = new Set(tree.map(({ name, version }) => `${name}@${version}`)).size;
  const agree =
    differences === 0 ? "npm audit says the same." : `npm audit says something else in ${differences}.`;
  const what =
    found.length === 0
      ? "No advisory"
      : `${found.length} of advisory and version, ${severe} of them high or critical,`;
  return `${what} for ${pinned} pinned versions of production. ${agree}`;
}
