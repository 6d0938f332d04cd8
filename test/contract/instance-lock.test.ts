import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { isAppError } from "@/lib/domain/errors";
import { takeInstanceLock } from "@/lib/store/instance-lock";
import { endChild, startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { until } from "@/test/until";

let file: string;
beforeEach(() => {
  file = join(temporaryFolder(), "instance.lock");
});

const US = { pid: process.pid, origin: "http://127.0.0.1:3000" };
const THEIRS = "http://127.0.0.1:4000";

/** Another dashboard: takes the lock as we do and says so. */
const OTHER = `
  const Database = require("better-sqlite3");
  const { writeFileSync } = require("node:fs");
  const file = process.argv[1];
  const database = new Database(file, { timeout: 0 });
  database.pragma("journal_mode = DELETE");
  database.exec("BEGIN EXCLUSIVE");
  writeFileSync(file + ".holder", JSON.stringify({ pid: process.pid, origin: "${THEIRS}" }));
  writeFileSync(file + ".taken", "");
  setInterval(() => {}, 1_000);`;

function refusal(): { code: string; message: string; details: unknown } {
  try {
    takeInstanceLock(file, US).release();
  } catch (error) {
    if (isAppError(error)) return { code: error.code, message: error.message, details: error.details };
    throw error;
  }
  throw new Error("It was taken.");
}

test("D2 a second dashboard on one data folder is refused, and told who is there", async () => {
  const other = startChild(process.execPath, ["-e", OTHER, file], { cwd: process.cwd() });
  await until("the other has it", () => existsSync(`${file}.taken`));
  expect(refusal()).toMatchObject({
    code: "DATA_FOLDER_IN_USE",
    message: expect.stringContaining(`another Unstuck (pid ${other.pid}, ${THEIRS})`),
    details: { holder: { pid: other.pid, origin: THEIRS } },
  });
  await endChild(other);
});

test("D1 the lock goes with the process, also by kill -9, so that it can never be stale", async () => {
  const other = startChild(process.execPath, ["-e", OTHER, file], { cwd: process.cwd() });
  await until("the other has it", () => existsSync(`${file}.taken`));
  expect(refusal().code).toBe("DATA_FOLDER_IN_USE");
  await endChild(other);
  takeInstanceLock(file, US).release();
});

test("the same process is refused too, and free to take it again after it let go", () => {
  const lock = takeInstanceLock(file, US);
  expect(refusal()).toMatchObject({
    code: "DATA_FOLDER_IN_USE",
    message: expect.stringContaining(`pid ${US.pid}`),
  });
  lock.release();
  takeInstanceLock(file, US).release();
});

test("the lock is the truth: what is written about its holder only makes the message better", () => {
  for (const text of ["", "{", "[]", "null", '{"pid":1}'])
    for (const held of [true, false]) {
      const lock = held ? takeInstanceLock(file, US) : null;
      writeFileSync(`${file}.holder`, text);
      if (lock === null) takeInstanceLock(file, US).release();
      else expect(refusal().message).toContain("in use by another Unstuck. ");
      lock?.release();
    }
});

test("a lock file that cannot be used is not told as one that is in use", () => {
  writeFileSync(file, "not a database, but long enough to be taken for a damaged one ".repeat(50));
  expect(refusal().code).toBe("DATA_FOLDER_UNUSABLE");
});

test("a folder that is not there is told as unusable, with the file's name", () => {
  file = join(file, "gone/instance.lock");
  expect(refusal()).toMatchObject({ code: "DATA_FOLDER_UNUSABLE", message: expect.stringContaining(file) });
});
