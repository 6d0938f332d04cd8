import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../folders";

const root = join(import.meta.dirname, "../..");

/** Each room, and a language that is written there. */
const ROOMS = [
  ["api", "ts"],
  ["app", "tsx"],
  ["bench/rig", "mjs"],
  ["bootstrap", "mjs"],
  ["cli", "mjs"],
  ["components", "tsx"],
  ["e2e", "spec.ts"],
  ["examples/shop", "mjs"],
  ["lib", "ts"],
  ["scripts", "mjs"],
  ["server", "mjs"],
  ["test", "ts"],
] as const;

const GO = "export async function go() {}";
/** What is wrong, code that has it, and the rule that must say so; no rule: nothing is wrong. */
const CASES = {
  floating: { code: `${GO}\ngo();\n`, rule: /no-floating-promises/ },
  misused: { code: `${GO}\n[1].forEach(() => go());\n`, rule: /no-misused-promises/ },
  awaited: { code: "export const one = await 1;\n", rule: /await-thenable/ },
  misspelt: { code: "export const wide = (1).widht;\n", rule: /TS2339/ },
  excused: { code: "// @ts-expect-error none\nexport const one = 1;\n", rule: /TS2578/ },
  good: { code: `${GO}\nawait go();\nvoid go();\n`, rule: null },
} as const;

/** The problems that the gate's own call finds, by file. */
async function problemsOf(files: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  const folder = temporaryFolder();
  for (const file of [".oxlintrc.json", "tsconfig.json"]) copyFileSync(join(root, file), join(folder, file));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const [file, code] of Object.entries(files)) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), code);
  }
  const oxlint = join(root, "node_modules/.bin/oxlint");
  const args = [oxlint, "--type-aware", "--type-check", "--format", "json", "."];
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, { cwd: folder }, (_, stdout) => resolve(stdout)),
  );
  const problems: Record<string, string[]> = {};
  for (const { filename, code: rule } of JSON.parse(said).diagnostics)
    problems[filename] = [...(problems[filename] ?? []), rule];
  return problems;
}

test("the gate finds wrong types, and promises that nothing waits for, in every room", async () => {
  const places = ROOMS.flatMap(([room, ending]) =>
    Object.entries(CASES).map(([name, found]) => ({ file: `${room}/${name}.${ending}`, ...found })),
  );
  const problems = await problemsOf(Object.fromEntries(places.map(({ file, code }) => [file, code])));
  expect(problems).toEqual(
    Object.fromEntries(
      places.flatMap(({ file, rule }) => (rule === null ? [] : [[file, [expect.stringMatching(rule)]]])),
    ),
  );
});
