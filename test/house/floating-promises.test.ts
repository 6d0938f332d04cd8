import { join } from "node:path";
import { ESLint } from "eslint";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const eslint = new ESLint({ cwd: root });

/** One file of each room that is plain JavaScript; a type-aware rule needs a file that the project knows. */
const FILES = [
  "bench/rig/server.mjs",
  "bootstrap/ensure-node.mjs",
  "cli/until.mjs",
  "examples/shop/server.mjs",
  "scripts/bench.mjs",
  "server/front.mjs",
];

/** @returns the rules that code in place of the file breaks */
async function broken(file: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

test("lint finds a promise that nothing waits for, in every room", { timeout: 180_000 }, async () => {
  for (const file of FILES) {
    expect(await broken(file, "export async function go() {}\ngo();\n"), file).toEqual([
      "@typescript-eslint/no-floating-promises",
    ]);
    expect(
      await broken(file, 'export async function go() {}\nprocess.on("SIGTERM", () => go());\n'),
      file,
    ).toEqual(["@typescript-eslint/no-misused-promises"]);
    expect(await broken(file, "export async function go() {}\nawait go();\nvoid go();\n"), file).toEqual([]);
  }
});
