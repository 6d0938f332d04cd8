import { existsSync } from "node:fs";

/**
 * Reads `.env` into this process's environment, where what is set already wins, and tells the two apart: what stands in the file is
 * for Unstuck itself, not for runs.
 * @param {string} file
 * @returns {import("../../lib/slot.mjs").StartedWith}
 */
export function loadDotEnv(file) {
  const started = variables(() => true);
  if (existsSync(file)) process.loadEnvFile(file);
  return { started, dotEnv: variables((name) => started[name] === undefined) };
}

/** @param {(name: string) => boolean} wanted */
function variables(wanted) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && wanted(name)) found[name] = value;
  return found;
}
