import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CannotTell } from "./cannot-tell.mjs";

/**
 * @typedef {object} Pinned
 * @property {string} name as the registry knows it, also where it is installed under another one
 * @property {string} version
 * @property {string} place in the tree: node_modules/…
 */

/**
 * What package-lock.json pins for those who only run Unstuck: all but what development alone needs. What is optional counts, whatever this machine
 * would install of it, and what `overrides` has put in another's place.
 * @param {string} root
 * @returns {readonly Pinned[]}
 */
export function productionTree(root) {
  const file = join(root, "package-lock.json");
  const { lockfileVersion, packages } = JSON.parse(readFileSync(file, "utf8"));
  if (lockfileVersion < 2 || typeof packages !== "object")
    throw new CannotTell(`expected "packages" in ${file}, as npm 7 and later write it.`);
  return Object.entries(packages)
    .filter(([place, { dev, link }]) => place.includes("node_modules/") && !dev && !link)
    .map(([place, { name, version }]) => ({
      name: name ?? place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length),
      version,
      place,
    }));
}
