import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DATABASE_FILES, folderContent } from "../folder-content";
import { type Operator, operator } from "../operator";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";

let server: TestServer;
let op: Operator;
const place = { folder: "", file: "", script: "" };

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
  place.folder = join(op.cwd, "folder");
  place.file = join(op.cwd, "plain.txt");
  place.script = join(op.cwd, "not-executable.sh");
  mkdirSync(place.folder);
  writeFileSync(place.file, "just text\n");
  writeFileSync(place.script, "#!/bin/sh\n");
  chmodSync(place.script, 0o644);
  await op.makeJob("existing", program("forever"));
});
afterEach(() => op.endAll());
afterAll(cleanUp);

async function everything() {
  return {
    jobs: await op.call("GET", "/api/v1/jobs?limit=200", 200),
    runs: await op.call("GET", "/api/v1/runs?limit=200", 200),
    files: folderContent(server.dataDir, DATABASE_FILES),
  };
}

/** What is sent to make a job "bad"; the same change is then tried on one that exists. */
const BAD_JOBS: readonly [string, () => Record<string, unknown>, number, string][] = [
  ["an unknown command", () => ({ argv: ["no-such-command-anywhere"] }), 422, "COMMAND_NOT_FOUND"],
  ["an unknown path", () => ({ argv: [join(op.cwd, "nothing-here")] }), 422, "COMMAND_NOT_FOUND"],
  ["a folder for a command", () => ({ argv: [place.folder] }), 422, "COMMAND_NOT_EXECUTABLE"],
  ["a file that may not be executed", () => ({ argv: [place.script] }), 422, "COMMAND_NOT_EXECUTABLE"],
  ["a path below a file", () => ({ argv: [join(place.file, "x")] }), 422, "COMMAND_NOT_FOUND"],
  ["a shell line as one word", () => ({ argv: ["sleep 5 && echo done"] }), 422, "COMMAND_NOT_FOUND"],
  ["a working folder that is missing", () => ({ cwd: join(op.cwd, "missing") }), 422, "CWD_NOT_FOUND"],
  ["a working folder that is a file", () => ({ cwd: place.file }), 422, "CWD_NOT_FOUND"],
  ["a relative working folder", () => ({ cwd: "work" }), 400, "INVALID_INPUT"],
  ["a working folder with NUL", () => ({ cwd: "/tmp\0/x" }), 400, "INVALID_INPUT"],
  ["an empty argv", () => ({ argv: [] }), 400, "INVALID_INPUT"],
  ["an argv with an empty program", () => ({ argv: [""] }), 400, "INVALID_INPUT"],
  ["an argv that is a text", () => ({ argv: "sleep 5" }), 400, "INVALID_INPUT"],
  ["an argv with NUL", () => ({ argv: ["/bin/echo", "a\0b"] }), 400, "INVALID_INPUT"],
  ["an argv with a number", () => ({ argv: ["/bin/sleep", 5] }), 400, "INVALID_INPUT"],
  ["an argv of 100 kB", () => ({ argv: ["/bin/echo", "x".repeat(100_000)] }), 400, "INVALID_INPUT"],
  ["an argv of 1 MB", () => ({ argv: ["/bin/echo", "x".repeat(1024 * 1024)] }), 413, "BODY_TOO_LARGE"],
  ["a variable that is Unstuck's", () => ({ env: { UNSTUCK_RUN: "mine" } }), 400, "INVALID_INPUT"],
  ["a variable's name with =", () => ({ env: { "A=B": "x" } }), 400, "INVALID_INPUT"],
  ["a variable with NUL", () => ({ env: { A: "x\0y" } }), 400, "INVALID_INPUT"],
  ["an empty title", () => ({ title: "   " }), 400, "INVALID_INPUT"],
  ["an unknown kind", () => ({ kind: "bash" }), 400, "INVALID_INPUT"],
  ["an unknown field", () => ({ retries: 3 }), 400, "INVALID_INPUT"],
  ["a time-out of 0", () => ({ timeouts: { startMs: 0 } }), 400, "INVALID_INPUT"],
  ["a time-out that is a text", () => ({ timeouts: { silenceMs: "10 min" } }), 400, "INVALID_INPUT"],
  ["a time-out of an unknown name", () => ({ timeouts: { killMs: 5 } }), 400, "INVALID_INPUT"],
  ["a lock's name with a blank", () => ({ locks: ["one site"] }), 400, "INVALID_INPUT"],
];

describe("a job that could not run is not made, and one that exists is not changed into it", () => {
  for (const [what, bad, status, code] of BAD_JOBS) {
    test(what, async () => {
      const before = await everything();
      const made = await server.api("POST", "/api/v1/jobs", { id: "bad", ...valid(), ...bad() });
      expect(made).toMatchObject({ status, body: { code, status } });
      expect(made.headers.get("content-type")).toBe("application/problem+json");
      expect(made.body.detail).toMatch(/^[A-Z].*\.$/s);
      const changed = await server.api("PATCH", "/api/v1/jobs/existing", { version: 1, ...bad() });
      expect(changed).toMatchObject({ status, body: { code } });
      expect(await everything()).toEqual(before);
    });
  }
});

function valid() {
  return { argv: program("forever"), cwd: op.cwd };
}

const BAD_IDS: readonly [string, string][] = [
  ["upwards", "../runs"],
  ["a folder in it", "a/b"],
  ["upwards, encoded", "%2e%2e"],
  ["a dot first", ".hidden"],
  ["capitals", "Nightly"],
  ["an umlaut", "läufer"],
  ["an emoji", "🕷"],
  ["a blank", "my job"],
  ["a newline", "job\n"],
  ["NUL", "job\0"],
  ["nothing", ""],
  ["64 characters", "x".repeat(64)],
  ["the supervisor's folder of runs", "runs"],
  ["the supervisor's folder of exits", "exits"],
  ["the supervisor's folder of launchers", "shims"],
];

describe("an id that is no plain folder name is refused", () => {
  for (const [what, id] of BAD_IDS) {
    test(what, async () => {
      const before = await everything();
      const answer = await server.api("POST", "/api/v1/jobs", { ...valid(), id });
      expect(answer).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
      expect(await everything()).toEqual(before);
    });
  }

  test("a job named like the database is refused before it can be in its way", async () => {
    for (const id of ["unstuck.db", "unstuck.db-wal", "instance.lock", "instance.lock.holder"]) {
      const answer = await server.api("POST", "/api/v1/jobs", { ...valid(), id });
      expect(answer, id).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
    }
  });
});

test("titles may be in any script, with emoji, and come back as they were given", async () => {
  const title = "Läufer für 市場 🕷️ – “quoted” <b>";
  const made = await op.makeJob("any-script", program("forever"), { title });
  expect(made.title).toBe(title);
  expect((await op.status("any-script")).title).toBe(title);
});

test("a start is checked again: a command that is gone by then is refused and no run is made", async () => {
  const script = join(op.cwd, "soon-gone");
  writeFileSync(script, "#!/bin/sh\n");
  chmodSync(script, 0o755);
  await op.makeJob("gone", [script]);
  chmodSync(script, 0o644);
  const before = await everything();
  const refused = await server.api("POST", "/api/v1/jobs/gone/start");
  expect(refused).toMatchObject({ status: 422, body: { code: "COMMAND_NOT_EXECUTABLE" } });
  expect(await everything()).toEqual(before);
});
