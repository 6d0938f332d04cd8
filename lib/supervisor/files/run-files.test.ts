import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import {
  type RunFiles,
  readClaim,
  readExitRecord,
  readPayload,
  removeRunFiles,
  revoke,
  runFiles,
  writeSpec,
} from "./run-files";

let files: RunFiles;
beforeEach(() => {
  const root = temporaryFolder();
  files = runFiles(join(root, "runs"), join(root, "exits"), "run_1");
  mkdirSync(files.folder, { recursive: true });
  mkdirSync(join(root, "exits"));
});
const put = (name: string, text: string | Buffer) => writeFileSync(join(files.folder, name), text);

describe("the exit record", () => {
  for (const status of [0, 1, 9, 10, 137, 255])
    test(`${status} is read as ${status}`, () => {
      writeFileSync(files.exitFile, `${status}\n`);
      expect(readExitRecord(files)?.status).toBe(status);
    });

  test("may say more after the status", () => {
    writeFileSync(files.exitFile, "3 4711\n");
    expect(readExitRecord(files)?.status).toBe(3);
  });

  test("stands in the run's folder where the file among the exits is empty", () => {
    writeFileSync(files.exitFile, "");
    put("exit", `3 4 7\n${" ".repeat(57)}\n`);
    expect(readExitRecord(files)).toMatchObject({ status: 3, ticks: 11 });
    put("exit", `${" ".repeat(63)}\n`);
    expect(readExitRecord(files)).toMatchObject({ status: null });
  });

  test("in the run's folder is none before the file among the exits is there", () => {
    put("exit", "0 0 0\n");
    expect(readExitRecord(files)).toBeNull();
  });

  test("that is not there is none", () => expect(readExitRecord(files)).toBeNull());

  const UNREADABLE = [
    "",
    "0",
    "13",
    "\n",
    " \n",
    "-1\n",
    "256\n",
    "1e1\n",
    "0x0\n",
    "ok\n",
    "0\0\n",
    "0\n0\n",
    "\0\0\0\n",
  ];
  for (const text of UNREADABLE)
    test(`${JSON.stringify(text)} is unknown, never success`, () => {
      writeFileSync(files.exitFile, text);
      expect(readExitRecord(files)).toMatchObject({ status: null });
    });

  test("that is a folder is unknown", () => {
    mkdirSync(files.exitFile);
    expect(readExitRecord(files)).toMatchObject({ status: null });
  });

  test("of whatever bytes is success only when it says 0 and ends its line", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        writeFileSync(files.exitFile, bytes);
        const status = readExitRecord(files)?.status;
        if (status === 0) expect(Buffer.from(bytes).toString("latin1")).toMatch(/^\s*0+( [\s\S]*)?\n$/);
      }),
    );
  });

  test("carries the time it was written as the time of the end", () => {
    writeFileSync(files.exitFile, "0\n");
    utimesSync(files.exitFile, 1_700_000_000, 1_700_000_000.25);
    expect(readExitRecord(files)?.endedAt).toBe(1_700_000_000_250);
  });
});

describe("the claim", () => {
  const CLAIMS = [
    ["launcher 4711 99\n", { by: "launcher", pid: 4711, identity: { pid: 4711, startTicks: 99 } }],
    ["launcher 4711 -\n", { by: "launcher", pid: 4711, identity: null }],
    // As the launcher of 0.1.0 wrote it.
    ["shim 4711 99\n", { by: "launcher", pid: 4711, identity: { pid: 4711, startTicks: 99 } }],
    ["shim 4711 -\n", { by: "launcher", pid: 4711, identity: null }],
    ["revoked recovery\n", { by: "revoked" }],
  ] as const;
  for (const [text, expected] of CLAIMS)
    test(`${JSON.stringify(text)} is understood`, () => {
      put("claim", text);
      expect(readClaim(files)).toEqual(expected);
    });

  test("that is empty is that of the launcher that wrote beside it who it is", () => {
    put("claim.launcher", "launcher 4711 99\n");
    expect(readClaim(files)).toBeNull();
    put("claim", "");
    expect(readClaim(files)).toEqual({ by: "launcher", pid: 4711, identity: { pid: 4711, startTicks: 99 } });
    expect(revoke(files, "recovery")).toBe(false);
  });

  test("that is not there, empty or torn says nothing yet", () => {
    expect(readClaim(files)).toBeNull();
    for (const text of ["", "launcher", "launcher 47", "launcher 4711 9", "shim 4711 9"]) {
      put("claim", text);
      expect(readClaim(files)).toBeNull();
    }
  });
});

describe("the program's own line", () => {
  test("names pid and start time", () => {
    put("payload", "4712 100\n");
    expect(readPayload(files)).toEqual({ pid: 4712, startTicks: 100 });
  });
  for (const text of ["", "4712", "4712 100", "4712 -\n", "x y\n", "4712\n"])
    test(`${JSON.stringify(text)} names nobody`, () => {
      put("payload", text);
      expect(readPayload(files)).toBeNull();
    });
});

describe("giving a run up", () => {
  test("works once and for good, and again for whoever asks again", () => {
    expect(revoke(files, "recovery")).toBe(true);
    expect(revoke(files, "stop")).toBe(true);
    expect(readClaim(files)).toEqual({ by: "revoked" });
    expect(readFileSync(join(files.folder, "claim"), "utf8")).toMatch(/^revoked /);
  });
  test("does not work once a launcher was there, nor on a claim that says nothing readable", () => {
    for (const text of ["launcher 4711 99\n", "shim 4711 99\n", ""]) {
      put("claim", text);
      expect(revoke(files, "recovery")).toBe(false);
      expect(readFileSync(join(files.folder, "claim"), "utf8")).toBe(text);
    }
  });
  test("works for a run whose folder was never made", () => {
    const other = { ...files, folder: `${files.folder}_2` };
    expect(revoke(other, "recovery")).toBe(true);
    expect(statSync(other.folder).mode & 0o077).toBe(0);
  });
});

test("the intent is on disk for its owner alone before anything is launched", async () => {
  const other = { ...files, folder: join(files.folder, "deep") };
  await writeSpec(other, { argv: ["a"] });
  expect(JSON.parse(readFileSync(join(other.folder, "spec.json"), "utf8"))).toEqual({ argv: ["a"] });
  expect(statSync(other.folder).mode & 0o077).toBe(0);
  expect(statSync(join(other.folder, "spec.json")).mode & 0o077).toBe(0);
});

test("removing a run's files removes those alone, and doing it twice is no error", async () => {
  put("claim", "revoked stop\n");
  writeFileSync(files.exitFile, "0\n");
  const neighbour = `${files.exitFile}2`;
  writeFileSync(neighbour, "0\n");
  chmodSync(files.folder, 0o700);
  for (const _ of [1, 2]) await removeRunFiles(files);
  expect([existsSync(files.folder), existsSync(files.exitFile), existsSync(neighbour)]).toEqual([
    false,
    false,
    true,
  ]);
});
