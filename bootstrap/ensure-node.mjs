import { existsSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { handOver } from "./hand-over.mjs";
import { joinParent } from "./parent.mjs";
import { OWN_MAJOR, placeOf, RELEASES } from "./releases.mjs";
import { ROOT, satisfies, supportedNodes } from "./supported.mjs";
import { versionOf } from "./version-of.mjs";

/**
 * The first thing every program of this project does, under whatever Node it was called. What is here must be syntax that Node 16 can read, and so must
 * everything a program imports before it: its packages come after, by `await import()`.
 *
 * @typedef {object} Wishes
 * @property {boolean} [ownGroup] for a server; see hand-over.mjs
 * @property {string} [major] a Node of this line, whatever this one is
 * @property {boolean} [quiet] say only what takes time
 * @property {boolean} [bring] false: fetch none; one that was brought before does
 */

const INSTEAD =
  "Install Node 24 (https://nodejs.org), or name a supported one with UNSTUCK_NODE=/path/to/node";

/**
 * Comes back under a supported Node only: this one, or a child under another, while this process stays and ends as the child does.
 * @param {Wishes} [wishes]
 * @returns {Promise<void>}
 */
export async function ensureNode({ ownGroup = false, major, quiet = false, bring = true } = {}) {
  if (joinParent(ownGroup)) return;
  try {
    const program = await chosen(major, { quiet: quiet || process.env.UNSTUCK_QUIET === "1", bring });
    if (program !== null) await handOver(program, { ownGroup });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/**
 * @param {string | undefined} major
 * @param {Manner} manner
 * @returns {Promise<string | null>} null: this one
 *
 * @typedef {{ quiet: boolean, bring: boolean }} Manner
 */
async function chosen(major, manner) {
  const here = process.versions.node;
  const range = supportedNodes();
  if (major !== undefined) return here === RELEASES[major]?.version ? null : brought(major, "", manner);
  const named = process.env.UNSTUCK_NODE;
  if (named) return namedNode(named, range);
  if (satisfies(here, range)) return null;
  return brought(OWN_MAJOR, `This is Node ${here}, and Unstuck needs ${range}.`, manner);
}

/**
 * @param {string} major
 * @param {string} found begins what is said
 * @param {Manner} manner
 */
async function brought(major, found, { quiet, bring }) {
  const release = RELEASES[major];
  if (release === undefined)
    throw new Error(`Expected ${Object.keys(RELEASES).join(", ")} for --node, found "${major}".`);
  let told = quiet;
  const say = (/** @type {string} */ text) => {
    told = true;
    console.error(`${found} ${text}`.trim());
  };
  const folder = join(ROOT, ".node");
  const { program } = placeOf(folder, release);
  if (!bring && !existsSync(program))
    throw new Error(`${found} Run "npm run build" here, which fetches Node ${release.version}. ${INSTEAD}.`);
  try {
    if (!existsSync(program)) {
      const { bringNode } = await import("./bring.mjs");
      await bringNode(release, { folder, say, npmrc: join(ROOT, ".npmrc") });
    }
    if (!told) say(`Going on under Node ${release.version}.`);
    return program;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${found} Node ${release.version} cannot be fetched: ${why}. ${INSTEAD}.`.trim());
  }
}

/**
 * @param {string} path
 * @param {string} range
 */
function namedNode(path, range) {
  const program = resolve(path);
  const { version, problem } = versionOf(program);
  if (version === null)
    throw new Error(`UNSTUCK_NODE: expected the path of a Node, found "${path}" (${problem}).`);
  const isThis = existsSync(program) && realpathSync(program) === realpathSync(process.execPath);
  if (satisfies(version, range)) return isThis ? null : program;
  throw new Error(`UNSTUCK_NODE: expected Node ${range}, found Node ${version} at ${path}.`);
}
