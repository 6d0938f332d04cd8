import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { binaryProblem } from "./program-header";
import { whyItDidNotBegin } from "./start-failure";

const files = testFiles();
let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

function script(content: string | Buffer, mode = 0o755): string {
  const path = join(cwd, "job");
  writeFileSync(path, content, { mode });
  return path;
}

const why = (code: number, argv: readonly string[] = [join(cwd, "job")], env = {}) =>
  whyItDidNotBegin(files, { argv, cwd, env }, async () => ({ PATH: "/usr/bin:/bin" }), code);

describe("FR-A14 exit 126 and 127 name what is missing:", () => {
  test("a first line with a carriage return", async () => {
    script("#!/usr/bin/env python3\r\nprint(1)\r\n");
    expect(await why(127)).toMatch(/carriage return, so the system looks for “python3\\r”.*Unix line ends/);
    script("#!/bin/sh\r\n");
    expect(await why(127)).toContain("“sh\\r”");
  });

  test("the interpreter of a virtual environment that was moved", async () => {
    script("#!/opt/old-venv/bin/python\n");
    expect(await why(127)).toMatch(/names the interpreter \/opt\/old-venv\/bin\/python, which is not there/);
    mkdirSync(join(cwd, "venv"));
    symlinkSync("/usr/bin/python3.gone", join(cwd, "venv/python"));
    script(`#!${join(cwd, "venv/python")} -u\n`);
    expect(await why(126)).toMatch(/venv\/python, which is not there/);
  });

  test("an interpreter that env does not find", async () => {
    script("#!/usr/bin/env -S python-of-old -u\n");
    expect(await why(127)).toContain(
      "python-of-old, which is in none of the folders of PATH (/usr/bin, /bin)",
    );
  });

  test("a program that is gone, or may not be executed, by now", async () => {
    expect(await why(127)).toMatch(/was not found: there is no .*job/);
    script("#!/bin/sh\n", 0o644);
    expect(await why(126)).toMatch(/cannot be run: it may not be executed/);
  });

  test("a program for another machine, another system, or without its loader", async () => {
    copyFileSync("/bin/sleep", join(cwd, "job"));
    expect(await why(127)).toBeNull();
    const elf = Buffer.alloc(512);
    elf.write("\x7fELF\x02\x01\x01", "latin1");
    elf.writeUInt16LE(process.arch === "s390x" ? 62 : 22, 18);
    script(elf);
    expect(await why(126)).toMatch(/is a program for .*, and this host is .*Exec format error/);
    script("MZ\x90\x00");
    expect(await why(126)).toContain("for Windows");
    script("");
    expect(await why(126)).toContain("is empty");
    expect(binaryProblem(withLoader("/lib/ld-musl-x86_64.so.1"), "x64")).toEqual({
      loader: "/lib/ld-musl-x86_64.so.1",
    });
  });

  test("and nothing where the program began, or did so with another code", async () => {
    script("#!/bin/sh\nexit 127\n");
    expect(await why(127)).toBeNull();
    expect(await why(127, ["sh", "-c", "gone"])).toBeNull();
    script("#!/opt/old-venv/bin/python\n");
    expect(await why(1)).toBeNull();
  });
});

/** A 64-bit program whose one segment names its loader. */
function withLoader(path: string): Buffer {
  const elf = Buffer.alloc(256);
  elf.write("\x7fELF\x02\x01\x01", "latin1");
  elf.writeUInt16LE(62, 18);
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  elf.writeUInt32LE(3, 64);
  elf.writeBigUInt64LE(128n, 72);
  elf.writeBigUInt64LE(BigInt(path.length + 1), 96);
  elf.write(`${path}\0`, 128);
  return elf;
}
