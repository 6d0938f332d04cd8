import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { AppError, type ErrorCode } from "@/lib/domain/errors";
import { endChild, startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { makeFifo } from "@/test/programs";
import { openLogForAppend, openLogForReading } from "./log-file";

let root: string;
let path: string;
beforeEach(() => {
  root = temporaryFolder();
  path = join(root, "data/shop/logs/run_1.log");
});

const BOTH = { append: openLogForAppend, read: openLogForReading } as const;

/** Opens both ends of a FIFO after a while. */
const RESCUE = `
  const { openSync, writeFileSync } = require("node:fs");
  const [fifo, mark] = process.argv.slice(1);
  setTimeout(() => { writeFileSync(mark, ""); openSync(fifo, "r+"); }, 40_000);
  setInterval(() => {}, 1_000);`;

function refusal(open: (path: string) => number): ErrorCode | "opened" {
  try {
    closeSync(open(path));
    return "opened";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe("B1 a log that is in order", () => {
  test("is made with its folders, readable by nobody else, and appended to", () => {
    for (const line of ["one\n", "two\n"]) {
      const log = openLogForAppend(path);
      writeSync(log, line);
      closeSync(log);
    }
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
    expect(statSync(path).mode & 0o007).toBe(0);
    expect(statSync(join(root, "data/shop")).mode & 0o007).toBe(0);
  });

  test("is appended to by several at once without one writing over another", () => {
    const logs = [openLogForAppend(path), openLogForAppend(path)];
    for (const [index, log] of [...logs, ...logs].entries()) writeSync(log, `${index}`);
    for (const log of logs) closeSync(log);
    expect(readFileSync(path, "utf8")).toBe("0123");
  });

  test("may be in a data folder that is itself a link: people put it on another disk", () => {
    mkdirSync(join(root, "disk"));
    symlinkSync(join(root, "disk"), join(root, "data"));
    expect([refusal(openLogForAppend), refusal(openLogForReading)]).toEqual(["opened", "opened"]);
    expect(existsSync(join(root, "disk/shop/logs/run_1.log"))).toBe(true);
  });

  test("cannot be written through a reader's descriptor", () => {
    closeSync(openLogForAppend(path));
    const log = openLogForReading(path);
    expect(() => writeSync(log, "x")).toThrow();
    expect(fstatSync(log).size).toBe(0);
    closeSync(log);
  });
});

test("a log that is not there is said to be not there, and reading makes nothing", () => {
  expect(refusal(openLogForReading)).toBe("LOG_NOT_FOUND");
  mkdirSync(join(root, "data/shop/logs"), { recursive: true });
  expect(refusal(openLogForReading)).toBe("LOG_NOT_FOUND");
  expect(readdirSync(join(root, "data/shop/logs"))).toEqual([]);
});

describe("a link in place of", () => {
  const PLACES = {
    "the file": "data/shop/logs/run_1.log",
    "the logs folder": "data/shop/logs",
    "the job folder": "data/shop",
  };
  for (const [what, place] of Object.entries(PLACES)) {
    for (const [verb, open] of Object.entries(BOTH)) {
      test(`${what} is refused to ${verb}, and where it leads nothing is touched`, () => {
        const target = join(root, "target");
        const isFile = place.endsWith(".log");
        if (isFile) writeFileSync(target, "precious");
        else mkdirSync(target);
        mkdirSync(join(root, place, ".."), { recursive: true });
        symlinkSync(target, join(root, place));
        expect(refusal(open)).toMatch(
          verb === "append" || isFile ? /^LOG_REFUSED$/ : /^LOG_(REFUSED|NOT_FOUND)$/,
        );
        if (isFile) expect(readFileSync(target, "utf8")).toBe("precious");
        else expect(readdirSync(target)).toEqual([]);
      });

      test(`${what} that leads nowhere is not opened to ${verb}, and nothing is made there`, () => {
        mkdirSync(join(root, place, ".."), { recursive: true });
        symlinkSync(join(root, "nowhere"), join(root, place));
        expect(refusal(open)).toMatch(verb === "append" ? /^LOG_REFUSED$/ : /^LOG_(REFUSED|NOT_FOUND)$/);
        expect(existsSync(join(root, "nowhere"))).toBe(false);
      });
    }
  }

  test("the job folder is refused to read although a whole log stands behind it", () => {
    mkdirSync(join(root, "other/logs"), { recursive: true });
    mkdirSync(join(root, "data"));
    writeFileSync(join(root, "other/logs/run_1.log"), "secret");
    symlinkSync(join(root, "other"), join(root, "data/shop"));
    expect(refusal(openLogForReading)).toBe("LOG_REFUSED");
  });
});

describe("in place of the log", () => {
  for (const [verb, open] of Object.entries(BOTH)) {
    test(`a folder is refused to ${verb}`, () => {
      mkdirSync(path, { recursive: true });
      expect(refusal(open)).toBe("LOG_REFUSED");
    });

    test(`a FIFO is refused to ${verb} at once, although nobody has its other end`, async () => {
      makeFifo(path);
      // Opening a FIFO would hold up this very process; then this child frees it, and the test fails instead of hanging.
      const rescue = startChild(process.execPath, ["-e", RESCUE, path, join(root, "rescued")]);
      expect(refusal(open)).toBe("LOG_REFUSED");
      expect(existsSync(join(root, "rescued")), "it waited for the other end").toBe(false);
      await endChild(rescue);
    });

    test(`a file in place of a folder is refused to ${verb}`, () => {
      mkdirSync(join(root, "data"));
      writeFileSync(join(root, "data/shop"), "x");
      expect(refusal(open)).toMatch(/^LOG_(REFUSED|NOT_FOUND)$/);
      expect(readFileSync(join(root, "data/shop"), "utf8")).toBe("x");
    });
  }
});
