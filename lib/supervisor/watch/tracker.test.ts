import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { SupervisorLog } from "../files/supervisor-log";
import { tracker } from "./tracker";

function recorder(): SupervisorLog & { readonly errors: Readonly<Record<string, unknown>>[] } {
  const errors: Readonly<Record<string, unknown>>[] = [];
  return { errors, info() {}, warn() {}, error: (fields) => void errors.push(fields) };
}

test("shutdown waits for every task, also for those that tasks begin meanwhile", async () => {
  const tasks = tracker(recorder());
  const done: string[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  void tasks.run("first", async () => {
    await gate;
    void tasks.run("second", async () => {
      await nextTurn();
      done.push("second");
    });
    done.push("first");
  });
  const settled = tasks.settled().then(() => done.push("settled"));
  open();
  await settled;
  expect(done).toEqual(["first", "second", "settled"]);
});

test("a task that fails is told with its name and fails nobody else", async () => {
  const log = recorder();
  const tasks = tracker(log);
  await tasks.run("look", async () => {
    throw new Error("disk full");
  });
  await tasks.settled();
  expect(log.errors).toEqual([{ task: "look", error: expect.stringContaining("disk full") }]);
});
