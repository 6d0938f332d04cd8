import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** `engines` of package.json: the one place that says which Nodes are supported. */
export function supportedNodes() {
  /** @type {{ engines: { node: string } }} */
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return engines.node;
}

/**
 * @param {string} version as in process.versions.node; what follows a - does not count
 * @param {string} range `^a.b.c` and `>=a.b.c`, joined by `||`
 * @throws Error for a range written in another way
 */
export function satisfies(version, range) {
  const found = numbersOf(version.split("-", 1)[0] ?? "");
  return range.split("||").some((part) => {
    const [, sign, from = ""] = /^(\^|>=)(\d+\.\d+\.\d+)$/.exec(part.trim()) ?? [];
    if (sign === undefined) throw new Error(`Expected ^a.b.c or >=a.b.c in engines, found "${part.trim()}".`);
    const least = numbersOf(from);
    return compare(found, least) >= 0 && (sign === ">=" || found[0] === least[0]);
  });
}

/** @param {string} text */
function numbersOf(text) {
  return text.split(".").map(Number);
}

/**
 * @param {readonly number[]} left
 * @param {readonly number[]} right
 */
function compare(left, right) {
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] || 0) - (right[index] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
