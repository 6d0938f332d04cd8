import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { checkpointsOf, LIMITS } from "./checkpoints";

type Send = (answer: () => void, ended: () => void) => void;

/** A process that does what a test says when it is asked; null: it was started without a channel. */
function aProcess(send: Send | null) {
  const events = new EventEmitter();
  const child = Object.assign(events, {
    exitCode: null as number | null,
    signalCode: null as string | null,
    connected: send === null ? undefined : true,
    killed: [] as string[],
    kill: (signal: string) => {
      child.killed.push(signal);
      child.signalCode = signal;
      events.emit("exit");
    },
    disconnect: () => {
      child.connected = false;
      child.exitCode = 0;
      events.emit("exit");
    },
    ...(send === null
      ? {}
      : {
          send: () =>
            send(
              () => events.emit("message", "done"),
              () => {
                child.exitCode = 1;
                events.emit("exit");
              },
            ),
        }),
  });
  return child;
}

function given(processes: (() => ReturnType<typeof aProcess>)[], limits: Partial<typeof LIMITS> = {}) {
  let started = 0;
  const start = () => {
    const make = processes[Math.min(started, processes.length - 1)];
    started += 1;
    if (make === undefined) throw new Error("No process is left.");
    return make() as unknown as ChildProcess;
  };
  const checkpoints = checkpointsOf("/nowhere", "/nowhere/unstuck.db", { ...LIMITS, ...limits }, start);
  return { ...checkpoints, started: () => started };
}

const ANSWERS: Send = (answer) => answer();

test("one process answers again and again, and ends when all is closed", async () => {
  const child = aProcess(ANSWERS);
  const { make, close, started } = given([() => child]);
  await make();
  await Promise.all([make(), make()]);
  expect(started()).toBe(1);
  await close();
  expect(child).toMatchObject({ exitCode: 0, killed: [] });
  await make();
  expect(started()).toBe(1);
});

const BROKEN: Readonly<Record<string, () => ReturnType<typeof aProcess>>> = {
  "cannot be started": () => {
    throw new Error("spawn ENOMEM");
  },
  "was started without a free descriptor": () => aProcess(null),
  "ends when it is asked": () => aProcess((_, ended) => ended()),
  "does not answer": () => aProcess(() => undefined),
};

for (const [what, broken] of Object.entries(BROKEN)) {
  test(`a process that ${what} holds up nothing for ever, and the next one is not started at once`, async () => {
    const made: ReturnType<typeof aProcess>[] = [];
    const noted = () => {
      const child = broken();
      made.push(child);
      return child;
    };
    const { make, close, started } = given([noted], { answerMs: 1 });
    await make();
    await Promise.all([make(), make()]);
    expect(started()).toBe(1);
    await close();
    for (const child of made)
      if (child.connected === true) expect(child.exitCode ?? child.signalCode).not.toBeNull();
  });

  test(`after a process that ${what} another one is started in time`, async () => {
    const { make, close, started } = given([broken, () => aProcess(ANSWERS)], { answerMs: 1, restMs: 0 });
    await make();
    await make();
    expect(started()).toBe(2);
    await make();
    expect(started()).toBe(2);
    await close();
  });
}

test("one that ended while it was not asked is followed by the next", async () => {
  const first = aProcess(ANSWERS);
  const { make, close, started } = given([() => first, () => aProcess(ANSWERS)]);
  await make();
  first.kill("SIGKILL");
  await make();
  expect(started()).toBe(2);
  await close();
});

test("one that does not end is killed, and not waited for", async () => {
  const child = Object.assign(aProcess(ANSWERS), { disconnect: () => undefined });
  const { make, close } = given([() => child], { endMs: 1 });
  await make();
  await close();
  expect(child.killed).toEqual(["SIGKILL"]);
});

test("to close does not wait for an answer", async () => {
  const child = aProcess(() => undefined);
  const { make, close } = given([() => child]);
  const made = make();
  await new Promise((resolve) => setImmediate(resolve));
  await close();
  await made;
  expect(child.exitCode).toBe(0);
});
