import { spawnSync } from "node:child_process";

/** For the end of a test's title: empty where system calls can be traced. */
export const NO_STRACE =
  spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0
    ? ""
    : " (skipped: strace is missing, or may not trace here)";
