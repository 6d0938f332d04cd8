import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { limitDescriptors, NO_PRLIMIT } from "@/test/prlimit";
import { readClaim, readExitRecord, readPayload, runFiles } from "../files/run-files";
import { linuxProcesses } from "../processes/linux";
import { isAlive } from "../processes/processes";

/** What `look` says while this very process has no file descriptor left. */
function withoutDescriptors(look: () => unknown): unknown {
  const before = limitDescriptors(process.pid, "256");
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch {
    // None is left; that is what was wanted.
  }
  try {
    return look();
  } catch (error) {
    return error;
  } finally {
    for (const descriptor of taken) closeSync(descriptor);
    limitDescriptors(process.pid, before);
  }
}

const FOLDER = "run_1";

test.skipIf(NO_PRLIMIT).each([
  ["a process is read", () => linuxProcesses().read(process.pid)],
  [
    "a process is asked whether it lives",
    () => isAlive(linuxProcesses(), { pid: process.pid, startTicks: 1 }),
  ],
  ["a process is asked for its marker", () => linuxProcesses().marker(process.pid)],
])("B3 without descriptors, when %s, nobody is gone: it fails", (_what, look) => {
  expect(withoutDescriptors(look)).toMatchObject({ code: "EMFILE" });
});

test.skipIf(NO_PRLIMIT)(
  "B3 without descriptors a claim, a payload and an exit record are there still: reading fails",
  () => {
    const home = temporaryFolder();
    const files = runFiles(join(home, "runs"), join(home, "exits"), FOLDER);
    for (const folder of [files.folder, join(home, "exits")]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(files.folder, "claim"), "launcher 812 4711\n");
    writeFileSync(join(files.folder, "payload"), "813 4712\n");
    writeFileSync(files.exitFile, "0\n");
    for (const read of [readClaim, readPayload, readExitRecord])
      expect(withoutDescriptors(() => read(files))).toMatchObject({ code: "EMFILE" });
    expect(readExitRecord(files)).toMatchObject({ status: 0 });
  },
);
