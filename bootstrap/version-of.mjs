import { spawnSync } from "node:child_process";

/**
 * @param {string} program
 * @returns {{ version: string, problem: null } | { version: null, problem: string }}
 */
export function versionOf(program) {
  const { status, stdout, stderr, error } = spawnSync(program, ["--version"], { encoding: "utf8" });
  if (error !== undefined) return { version: null, problem: error.message };
  const version = /^v(\d+\.\d+\.\d+\S*)\s*$/.exec(stdout)?.[1];
  if (status === 0 && version !== undefined) return { version, problem: null };
  const said = (stderr || stdout).trim().split("\n", 1)[0];
  return { version: null, problem: said || `--version ended with ${status}` };
}
