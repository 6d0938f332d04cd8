import { closeSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endChild, OURS, startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { isRunning, kill, processesOfRuns, stateOf } from "@/test/processes";
import { helped, PARENT, SCRIPT } from "@/test/spawn-helper";
import { until } from "@/test/until";
import { openLogForAppend } from "../log/log-file";

test("a launcher is started by the helper, in a session of its own, with both streams in the log and nothing to read", async () => {
  const { ready, start, text, exits } = helped();
  const pid = await ready();
  const started = await start(
    `${PARENT}; echo warned >&2; cat; ps -o sid= -p $$ | tr -d ' '; echo $$; exit 3`,
  );
  expect(started).toMatchObject({ came: true, problem: null });
  await until("its end was told", () => exits.length === 1);
  expect(exits).toEqual([{ code: 3, signal: null }]);
  expect(started.exit).toEqual({ code: 3, signal: null });
  const [parent, warned, session, own] = text().trim().split("\n");
  expect([parent, warned, session]).toEqual([String(pid), "warned", own]);
});

test("what the system refuses is told in its words, and nothing has come", async () => {
  const { ready, start, exits } = helped();
  await ready();
  expect(await start("true", { command: "/no/such/shell" })).toEqual({
    came: false,
    exit: null,
    problem: expect.stringContaining("ENOENT"),
  });
  expect(exits).toEqual([]);
});

test("a link that has taken the log's place is not followed", async () => {
  const { helper, ready, path, exits } = helped();
  await ready();
  const elsewhere = join(temporaryFolder(), "elsewhere");
  writeFileSync(elsewhere, "");
  const descriptor = openLogForAppend(path);
  renameSync(path, `${path}.moved`);
  symlinkSync(elsewhere, path);
  await helper.spawner({
    command: ["/bin/sh", "-c", "echo written"],
    env: { UNSTUCK_RUN: OURS },
    log: { descriptor, path },
    record: `${path}.exit`,
    isGivenUp: () => false,
    onExit: (exit) => exits.push(exit),
  });
  closeSync(descriptor);
  await until("it has ended", () => exits.length === 1);
  expect(readFileSync(elsewhere, "utf8")).toBe("");
  expect(readFileSync(`${path}.moved`, "utf8")).toBe("written\n");
});

test("nothing is ordered for a run that was given up", async () => {
  const { ready, start, text, exits } = helped();
  await ready();
  expect(await start(PARENT, { isGivenUp: () => true })).toMatchObject({ came: false });
  // Were it ordered, it would come before this one.
  await start("echo next");
  await until("the next has ended", () => exits.length === 1);
  expect(text()).toBe("next\n");
});

test("a launcher has nothing of the helper's open", async () => {
  const { ready, start, text, exits } = helped();
  await ready();
  await start("ls /proc/$$/fd");
  await until("it has ended", () => exits.length === 1);
  expect(
    text()
      .trim()
      .split("\n")
      .filter((fd) => Number(fd) <= 9),
  ).toEqual(["0", "1", "2"]);
});

test.each([
  ["is not there", "/no/such/script.mjs"],
  ["cannot be made for want of room", "x".repeat(200_000)],
])("launchers are started directly where the helper %s", async (_, script) => {
  const { helper, start, text, exits, warned } = helped(script);
  await until("it was tried again", () => warned.length > 1);
  expect(helper.pid()).toBeNull();
  await start(PARENT);
  await until("it has ended", () => exits.length === 1);
  expect(text()).toBe(`${process.pid}\n`);
});

test("a helper that stands still does not hold up who closes it, and is gone afterwards", async () => {
  const { helper, ready } = helped();
  const pid = await ready();
  kill(pid, "SIGSTOP");
  await until("it stands still", () => stateOf(pid) === "T");
  helper.close();
  await until("it is gone", () => !isRunning(pid));
});

test("what a dashboard that is gone has ordered is not begun", async () => {
  const marker = `${OURS}ordered`;
  const log = join(temporaryFolder(), "run.log");
  writeFileSync(log, "");
  const { dev, ino } = statSync(log);
  const order = JSON.stringify({
    id: 1,
    command: ["/bin/sh", "-c", "exec sleep 600"],
    env: { UNSTUCK_RUN: marker },
    log: { path: log, dev, ino },
    record: `${log}.exit`,
  });
  const dashboard = startChild(
    process.execPath,
    [
      "-e",
      `const helper = require("node:child_process").spawn(process.execPath, [${JSON.stringify(SCRIPT)}], { detached: true });
      helper.stdout.once("data", () => {
        process.kill(helper.pid, "SIGSTOP");
        helper.stdin.write(${JSON.stringify(`${order}\n`)}, () => console.log(helper.pid));
      });`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let said = "";
  dashboard.process.stdout?.on("data", (text) => {
    said += text;
  });
  const helper = Number(await until("it has ordered", () => said.endsWith("\n") && said));
  await endChild(dashboard);
  kill(helper, "SIGCONT");
  await until("the helper has ended", () => !isRunning(helper));
  expect(processesOfRuns((found) => found === marker)).toEqual([]);
});
