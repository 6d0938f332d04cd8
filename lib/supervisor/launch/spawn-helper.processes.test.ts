import { closeSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { OURS } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { isRunning, kill } from "@/test/processes";
import { until } from "@/test/until";
import { openLogForAppend } from "../log/log-file";
import type { LauncherExit } from "../watch/spawner";
import { openSpawnHelper } from "./spawn-helper";

const SCRIPT = join(import.meta.dirname, "spawner.mjs");

function helped(answerWithinMs?: number) {
  const folder = join(temporaryFolder(), "job/logs");
  const path = join(folder, "run.log");
  const warned: string[] = [];
  const helper = openSpawnHelper(SCRIPT, { warn: (_, event) => void warned.push(event) }, answerWithinMs);
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
    async start(script: string, command = "/bin/sh") {
      const descriptor = openLogForAppend(path);
      try {
        return await helper.spawner({
          command: [command, "-c", script],
          env: { PATH: process.env.PATH ?? "", UNSTUCK_RUN: OURS },
          log: { descriptor, path },
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
  expect(await start("true", "/no/such/shell")).toEqual({
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
  const { ready, start, text, exits } = helped(200);
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
    onExit: (exit) => exits.push(exit),
  });
  closeSync(descriptor);
  await until("it has ended", () => exits.length === 1);
  expect(readFileSync(elsewhere, "utf8")).toBe("");
  expect(readFileSync(`${path}.moved`, "utf8")).toBe("written\n");
});
