import { closeSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { endChild, OURS, startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { isRunning, kill, processesOfRuns, stateOf } from "@/test/processes";
import { until } from "@/test/until";
import { openLogForAppend } from "../log/log-file";
import type { LauncherExit } from "../watch/spawner";
import { openSpawnHelper } from "./spawn-helper";

const SCRIPT = join(import.meta.dirname, "spawner.mjs");

function helped(script = SCRIPT) {
  const folder = join(temporaryFolder(), "job/logs");
  const path = join(folder, "run.log");
  const warned: string[] = [];
  const helper = openSpawnHelper(script, { warn: (_, event) => void warned.push(event) });
  onTestFinished(async () => {
    const pid = helper.pid();
    helper.close();
    if (pid !== null) await until("the helper has ended with its stdin", () => !isRunning(pid));
  });
  const exits: LauncherExit[] = [];
  return {
    helper,
    path,
    warned,
    exits,
    ready: () => until("there is a helper", () => helper.pid()),
    text: () => readFileSync(path, "utf8"),
    async start(script: string, { command = "/bin/sh", isGivenUp = (): boolean => false } = {}) {
      const descriptor = openLogForAppend(path);
      try {
        return await helper.spawner({
          command: [command, "-c", script],
          env: { PATH: process.env.PATH ?? "", UNSTUCK_RUN: OURS },
          log: { descriptor, path },
          record: `${path}.exit`,
          isGivenUp,
          onExit: (exit) => exits.push(exit),
        });
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** Whose child the script is, as it says itself. */
const PARENT = "echo $PPID";

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

test("a launcher outlives the helper that has started it, and the next starts without one until there is another", async () => {
  const { helper, ready, start, text, exits, warned } = helped();
  const first = await ready();
  await start(`${PARENT}; echo $$; exec sleep 600`);
  await until("the first says who it is", () => text().split("\n").length === 3);
  const outliving = Number(text().split("\n")[1]);
  kill(first, "SIGKILL");
  await until("it is known that the helper is gone", () => warned.includes("spawn_helper.ended"));
  expect(helper.pid()).toBeNull();
  expect(isRunning(outliving)).toBe(true);
  await start(PARENT);
  await until("the second has ended", () => exits.length === 1);
  const second = await ready();
  await start(PARENT);
  await until("the third has ended", () => exits.length === 2);
  expect(text()).toBe(`${first}\n${outliving}\n${process.pid}\n${second}\n`);
  kill(outliving, "SIGKILL");
});

test("an order that the helper had not begun when it was killed is carried out once", async () => {
  const { ready, start, text, exits } = helped();
  const pid = await ready();
  kill(pid, "SIGSTOP");
  const starting = start(PARENT);
  kill(pid, "SIGKILL");
  expect(await starting).toMatchObject({ came: true, problem: null });
  await until("it has ended", () => exits.length === 1);
  expect(text()).toBe(`${process.pid}\n`);
});

test("a helper that stands still is killed, and its order is carried out once all the same", async () => {
  const { ready, start, text, exits } = helped();
  const pid = await ready();
  kill(pid, "SIGSTOP");
  await start(PARENT);
  await until("it has ended", () => exits.length === 1);
  expect(isRunning(pid)).toBe(false);
  expect(text()).toBe(`${process.pid}\n`);
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

test("an order that was not begun when the helper was killed is dropped if its run was given up meanwhile", async () => {
  const { ready, start, text } = helped();
  const pid = await ready();
  let givenUp = false;
  kill(pid, "SIGSTOP");
  const starting = start(PARENT, { isGivenUp: () => givenUp });
  givenUp = true;
  kill(pid, "SIGKILL");
  expect(await starting).toMatchObject({ came: false, problem: expect.stringContaining("given up") });
  expect(text()).toBe("");
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

/** A helper that does this with its first order, whose number is `id`. */
function helperThat(does: string): string {
  const script = join(temporaryFolder(), "helper.mjs");
  writeFileSync(
    script,
    `import { spawn } from "node:child_process";
    import { writeSync } from "node:fs";
    const say = (value) => writeSync(1, JSON.stringify(value) + "\\n");
    const die = () => process.kill(process.pid, "SIGKILL");
    process.stdin.on("data", (text) => {
      const { id, command: [shell, ...args], env } = JSON.parse(text);
      ${does}
    });
    say({ ready: true });`,
  );
  return script;
}

test("an order of which the helper said that it begins is never carried out by another", async () => {
  const { ready, start, text, warned } = helped(helperThat("say({ id, begun: true }); die();"));
  await ready();
  const started = await start(PARENT);
  expect(started).toMatchObject({ came: true, exit: null, problem: expect.stringContaining("was ended") });
  expect(warned).toContain("spawn_helper.ended");
  expect(text()).toBe("");
});

test("what a helper said before it was killed is heard, however late it is read", async () => {
  const { ready, start, text } = helped(
    helperThat(`say({ id, begun: true }); say({ id, problem: { message: "no room" } }); die();`),
  );
  await ready();
  expect(await start(PARENT)).toEqual({ came: false, exit: null, problem: "no room" });
  expect(text()).toBe("");
});

test("a killed helper's order is unanswered for as long as something it was just forking may still become a launcher", async () => {
  // What is being forked has everything the helper has open, until it becomes another program.
  const forked = `spawn("sleep", ["600"], { env, detached: true, stdio: ["ignore", "ignore", "ignore", 3] });`;
  const { ready, start } = helped(helperThat(`say({ id, begun: true }); ${forked} die();`));
  const pid = await ready();
  let answered = false;
  const starting = start("unused").finally(() => {
    answered = true;
  });
  await until("the helper is gone", () => stateOf(pid) === null);
  const [forking] = processesOfRuns((marker) => marker === OURS);
  expect(forking?.command).toContain("sleep");
  expect(answered).toBe(false);
  kill(forking?.pid ?? 0, "SIGKILL");
  expect(await starting).toMatchObject({ came: true, problem: expect.stringContaining("was ended") });
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
