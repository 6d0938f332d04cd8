import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { AppError, type ErrorCode } from "@/lib/domain/errors";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { checkCommand } from "./command";

const files = testFiles();
let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
  program("tool");
  program("bin/tool");
});

function program(name: string, mode = 0o755): string {
  const path = join(cwd, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, mode);
  return path;
}

function danglingLink(): string {
  symlinkSync("/nowhere", join(cwd, "link"));
  return "./link";
}

type Asked = { argv: string[]; cwd?: string; env?: Record<string, string> };
const check = (asked: Asked, baseEnv: Record<string, string> = {}) =>
  checkCommand(files, { cwd, env: {}, ...asked }, baseEnv, null);

async function refusal(asked: Asked, baseEnv?: Record<string, string>): Promise<AppError> {
  try {
    await check(asked, baseEnv);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

describe("a program is found", () => {
  test("by its absolute path", async () =>
    expect(await check({ argv: [join(cwd, "tool")] })).toBe(join(cwd, "tool")));
  test("relative to the working folder", async () => {
    expect(await check({ argv: ["./tool"] })).toBe(join(cwd, "tool"));
    expect(await check({ argv: ["bin/tool"] })).toBe(join(cwd, "bin/tool"));
    expect(await check({ argv: ["../tool"], cwd: join(cwd, "bin") })).toBe(join(cwd, "tool"));
  });
  test("in the PATH of the job's own environment, before that of the dashboard", async () => {
    const env = { PATH: join(cwd, "bin") };
    expect(await check({ argv: ["tool"], env }, { PATH: cwd })).toBe(join(cwd, "bin/tool"));
  });
  test("in the PATH the dashboard was started with", async () => {
    expect(await check({ argv: ["tool"] }, { PATH: `/nowhere:${cwd}` })).toBe(join(cwd, "tool"));
  });
  test("in the usual folders when there is no PATH at all", async () =>
    expect(await check({ argv: ["sh"] })).toMatch(/\/sh$/));
  test("in a PATH folder relative to the working folder", async () => {
    expect(await check({ argv: ["tool"], env: { PATH: "bin" } })).toBe(join(cwd, "bin/tool"));
  });
  test("through a link", async () => {
    symlinkSync(join(cwd, "tool"), join(cwd, "alias"));
    expect(await check({ argv: ["./alias"] })).toBe(join(cwd, "alias"));
  });
  test("further on in PATH when an earlier folder has only a folder or a plain file of that name", async () => {
    mkdirSync(join(cwd, "a/tool"), { recursive: true });
    program("b/tool", 0o644);
    const PATH = ["a", "b", "bin"].map((name) => join(cwd, name)).join(":");
    expect(await check({ argv: ["tool"], env: { PATH } })).toBe(join(cwd, "bin/tool"));
  });
  test("under a name with spaces and quotes", async () => {
    expect(await check({ argv: [program(`a "b" 'c'`)] })).toBe(join(cwd, `a "b" 'c'`));
  });
});

describe("B10 a program is refused", () => {
  const REFUSED: readonly (readonly [string, () => Asked, ErrorCode])[] = [
    ["that is not there", () => ({ argv: [join(cwd, "none")] }), "COMMAND_NOT_FOUND"],
    ["that is not there, relative", () => ({ argv: ["./none"] }), "COMMAND_NOT_FOUND"],
    ["that is in no folder of PATH", () => ({ argv: ["none"], env: { PATH: cwd } }), "COMMAND_NOT_FOUND"],
    [
      "with an empty PATH, even from its own folder",
      () => ({ argv: ["tool"], env: { PATH: "" } }),
      "COMMAND_NOT_FOUND",
    ],
    ["that is a shell line", () => ({ argv: ["tool --all"], env: { PATH: cwd } }), "COMMAND_NOT_FOUND"],
    ["that is a link to nowhere", () => ({ argv: [danglingLink()] }), "COMMAND_NOT_FOUND"],
    ["below a file", () => ({ argv: ["./tool/x"] }), "COMMAND_NOT_FOUND"],
    ["that is a folder", () => ({ argv: ["./bin"] }), "COMMAND_NOT_EXECUTABLE"],
    ["that is a folder in PATH", () => ({ argv: ["bin"], env: { PATH: cwd } }), "COMMAND_NOT_EXECUTABLE"],
    ["that may not be executed", () => ({ argv: [program("plain", 0o644)] }), "COMMAND_NOT_EXECUTABLE"],
    [
      "that may not be executed, in PATH",
      () => ({ argv: [basename(program("plain", 0o644))], env: { PATH: cwd } }),
      "COMMAND_NOT_EXECUTABLE",
    ],
    ["whose working folder is missing", () => ({ argv: ["sh"], cwd: join(cwd, "gone") }), "CWD_NOT_FOUND"],
    ["whose working folder is a file", () => ({ argv: ["sh"], cwd: join(cwd, "tool") }), "CWD_NOT_FOUND"],
  ];
  for (const [what, asked, code] of REFUSED)
    test(what, async () => {
      const error = await refusal(asked());
      expect(error.code).toBe(code);
      expect(error.message, "it says what to do").toMatch(/\. [A-Z].*\.$/);
    });

  test("with the folders that were searched, so that a wrong PATH is seen at once", async () => {
    expect((await refusal({ argv: ["none"] }, { PATH: "/opt/a:/opt/b" })).message).toContain(
      "(/opt/a, /opt/b)",
    );
  });
  test("for its working folder first: the rest depends on it", async () => {
    expect((await refusal({ argv: ["./none"], cwd: join(cwd, "gone") })).code).toBe("CWD_NOT_FOUND");
  });
});
