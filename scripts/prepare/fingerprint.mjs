import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * A hash over the content of files and folders: equal fingerprints mean that nothing has to be done again.
 * @param {string} root
 * @param {readonly string[]} places files or folders below `root`; missing ones count as empty
 * @param {string} [extra] whatever else decides
 */
export function fingerprint(root, places, extra = "") {
  const hash = createHash("sha256").update(extra);
  for (const place of places) addPlace(hash, root, place);
  return hash.digest("hex");
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} root
 * @param {string} place
 */
function addPlace(hash, root, place) {
  const path = join(root, place);
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) {
    hash.update(`\0${place}\0`).update(readFileSync(path));
    return;
  }
  const names = readdirSync(path).filter(
    (name) => name !== "generated" && name !== "node_modules" && !isTest(name),
  );
  for (const name of names.sort()) addPlace(hash, root, join(place, name));
}

/** @param {string} name */
function isTest(name) {
  return /\.test\.tsx?$/.test(name);
}
