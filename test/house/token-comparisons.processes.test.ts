import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../folders";

const root = join(import.meta.dirname, "../..");

const COMPARED = [
  "if (token === run.token) ok();",
  "if (run.token !== token) no();",
  "ok(given == row.token);",
  "const same = runToken === given;",
  "ok(request.authToken !== x);",
  "ok(a.token.equals(b));",
  "ok(token.startsWith(b));",
];

const OTHER_QUESTIONS = [
  "if (token === null || token === undefined) no();",
  'if (typeof token === "string" && token !== "") ok();',
  "if (!sameToken(run.token, token)) no();",
  "if (token.length === 32) ok();",
  'if (token.includes(":")) colon();',
  "const tokens = parse(); if (tokens.length === other) ok();",
];

/** @returns by each code in a room of its own, whether the project's own lint refuses it */
async function refused(room: string, codes: readonly string[]): Promise<Record<string, boolean>> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "lint"));
  mkdirSync(join(folder, room));
  for (const file of ["biome.json", "lint/token-comparison.grit"])
    copyFileSync(join(root, file), join(folder, file));
  for (const [number, code] of codes.entries()) writeFileSync(join(folder, room, `${number}.ts`), code);
  const args = [
    join(root, "node_modules/.bin/biome"),
    "lint",
    "--vcs-enabled=false",
    "--reporter=github",
    "--max-diagnostics=none",
    ".",
  ];
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, { cwd: folder }, (_, stdout) => resolve(stdout)),
  );
  const lines = said.split("\n").filter((line) => line.includes("sameToken"));
  return Object.fromEntries(
    codes.map((code, number) => [code, lines.some((line) => line.includes(`${room}/${number}.ts`))]),
  );
}

test.each(["api", "app", "cli", "components", "lib", "server"])(
  "CR-7.6 lint refuses to compare a token by hand in %s, and leaves other questions about it alone",
  async (room) => {
    const answers = await refused(room, [...COMPARED, ...OTHER_QUESTIONS]);
    expect(Object.keys(answers).filter((code) => answers[code])).toEqual(COMPARED);
  },
);
