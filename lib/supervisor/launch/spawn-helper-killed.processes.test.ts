import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OURS } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { isRunning, kill, processesOfRuns, stateOf } from "@/test/processes";
import { helped, PARENT } from "@/test/spawn-helper";
import { until } from "@/test/until";

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
