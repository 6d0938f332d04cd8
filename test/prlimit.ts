import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Why file descriptors cannot be taken from a program that runs; null when they can. */
export const NO_PRLIMIT = existsSync("/usr/bin/prlimit") ? null : "needs prlimit (util-linux)";

/** Takes all further file descriptors from a process until `wait` is over, then gives them back. */
export async function withoutDescriptors(pid: number, wait: () => Promise<unknown>): Promise<void> {
  const before = limitDescriptors(pid, "3");
  try {
    await wait();
  } finally {
    limitDescriptors(pid, before);
  }
}

/** @returns the limit as it was */
export function limitDescriptors(pid: number, most: string): string {
  const before = softLimit(pid);
  execFileSync("prlimit", ["--pid", String(pid), `--nofile=${most}:`]);
  return before;
}

function softLimit(pid: number): string {
  const args = ["--pid", String(pid), "--nofile", "--output", "SOFT", "--noheadings", "--raw"];
  return execFileSync("prlimit", args, { encoding: "utf8" }).trim();
}
