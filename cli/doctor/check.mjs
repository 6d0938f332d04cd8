import { readdirSync, readFileSync } from "node:fs";

/** @typedef {import("../../lib/contracts/doctor").DoctorAnswer["checks"][number]} Check */

/**
 * @param {string} id
 * @param {string} title
 * @param {Check["status"]} status
 * @param {string} found
 * @param {string | null} [fix]
 * @returns {Check}
 */
export function check(id, title, status, found, fix = null) {
  return { id, title, status, found, fix };
}

/** @param {string} at */
export function namesIn(at) {
  try {
    return readdirSync(at);
  } catch {
    return [];
  }
}

/** @param {string} file */
export function textOf(file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}
