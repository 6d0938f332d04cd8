import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { which } from "./programs.mjs";

/**
 * Compiles the child that every scenario starts.
 * @param {string} folder
 * @returns {string} the program
 * @throws Error when there is no C compiler
 */
export function buildProbe(folder) {
  const compiler = ["cc", "gcc", "clang"]
    .map((name) => which(process.env.CC ?? name))
    .find((path) => path !== null);
  if (compiler === undefined || compiler === null)
    throw new Error(
      "The peers' bench compiles a small child, so it needs a C compiler: apt-get install gcc, or set CC.",
    );
  const program = join(folder, "probe");
  execFileSync(compiler, ["-O2", "-o", program, join(import.meta.dirname, "probe.c")]);
  return program;
}
