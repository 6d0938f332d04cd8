import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { until } from "@/test/until";
import { type QueueLimits, type Urgency, writeQueue } from "./write-queue";

const LOCKED = new Error("held");
const held = {
  isHeld: (error: unknown) => error === LOCKED,
  refusal: () => new AppError("DATABASE_LOCKED", "Locked."),
};
const LIMITS: QueueLimits = {
  heldMs: 200,
  busyMs: 60_000,
  askAgainMs: 5,
  groupMost: 4,
  groupMs: 1_000,
  room: { operator: 1_000, run: 1_000, housekeeping: 1_000 },
};

/** A queue over a database that a test holds and lets go of. `done`: what was written, in that order. */
function given(limits: Partial<QueueLimits> = {}) {
  const none = () => [];
  const { alone: queue } = writeQueue(held, none, { ...LIMITS, ...limits });
  const done: string[] = [];
  const state = { held: true, attempts: 0 };
  const write = (name: string, urgency: Urgency = "run", signal?: AbortSignal) =>
    queue({ urgency, signal }, async () => {
      state.attempts += 1;
      if (state.held) throw LOCKED;
      done.push(name);
      return name;
    });
  const code = (write: Promise<unknown>) =>
    write.then(
      () => "done",
      (error: unknown) => (error as AppError).code,
    );
  return { write, code, done, state, queue };
}

describe("CR-6.6 while another program holds the database", () => {
  test("forty writes are refused together when their time is up, not one after the other", async () => {
    const { write, code, done } = given();
    const began = performance.now();
    const codes = await Promise.all(Array.from({ length: 40 }, (_, at) => code(write(String(at)))));
    expect(new Set(codes)).toEqual(new Set(["DATABASE_LOCKED"]));
    expect(performance.now() - began, "each on its own it would be 8 s").toBeLessThan(4_000);
    expect(done).toEqual([]);
  });

  test("what an operator asks for goes first when it is let go of, then runs, then housekeeping", async () => {
    const { write, done, state } = given({ heldMs: 60_000 });
    const all = [
      write("tidy", "housekeeping"),
      write("end", "run"),
      write("stop", "operator"),
      write("start", "operator"),
    ];
    await until("it was tried and found held", () => state.attempts > 1);
    state.held = false;
    await Promise.all(all);
    // Every fourth turn is that of who has waited longest: one of these may be brought forward by it, and no other.
    expect(done.filter((name) => name !== "tidy")).toEqual(["stop", "start", "end"]);
  });

  test("a start whose client has left is dropped and never written, a stop behind it is carried out", async () => {
    const { write, code, done, state } = given({ heldMs: 60_000 });
    const client = new AbortController();
    const start = code(write("start", "operator", client.signal));
    const stop = code(write("stop", "operator"));
    await until("it was tried", () => state.attempts > 0);
    client.abort();
    expect(await start).toBe("REQUEST_ABANDONED");
    state.held = false;
    expect([await stop, done]).toEqual(["done", ["stop"]]);
  });

  test("a write that was refused is not carried out afterwards", async () => {
    const { write, code, done, state } = given({ heldMs: 20 });
    expect(await code(write("start"))).toBe("DATABASE_LOCKED");
    state.held = false;
    await write("next");
    expect(done).toEqual(["next"]);
  });
});

describe("CR-6.6 the queue", () => {
  test("lets housekeeping have its turn however many operators come", async () => {
    const { write, done, state } = given();
    state.held = false;
    let housekept = false;
    const tidy = write("tidy", "housekeeping").then(() => {
      housekept = true;
    });
    const first = write("tidy too", "housekeeping");
    // Each asks again as soon as it is served, so that the line of the operators is never empty.
    const operator = async (): Promise<void> => {
      while (!housekept && done.length < 500) await write("stop", "operator");
    };
    await Promise.all([operator(), operator(), tidy, first]);
    expect(done.length).toBeLessThan(20);
  });

  test("keeps the order of asking among equals, one at a time", async () => {
    const { queue } = given();
    const seen: string[] = [];
    const one = (name: string) =>
      queue({ urgency: "run" }, async () => {
        seen.push(`${name} begins`);
        await new Promise(setImmediate);
        seen.push(`${name} ends`);
      });
    await Promise.all([one("a"), one("b"), one("c")]);
    expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  test("is bounded: housekeeping is refused first, and there is room for operators still", async () => {
    const { write, code, state } = given({
      heldMs: 60_000,
      room: { operator: 4, run: 3, housekeeping: 2 },
    });
    const all = [write("being tried", "operator")];
    await until("the first is tried", () => state.attempts > 0);
    // It is tried again and again, and is in its line in between.
    all.push(write("a", "housekeeping"));
    expect(await code(write("c", "housekeeping"))).toBe("DATABASE_BUSY");
    all.push(write("stop", "operator"));
    state.held = false;
    await Promise.all(all);
  });

  test("does not call it locked when only others of ours are before a write for too long", async () => {
    const { queue, code, write, state } = given({ heldMs: 0, busyMs: 100 });
    state.held = false;
    let release = () => {};
    let began = false;
    const long = queue({ urgency: "run" }, () => {
      began = true;
      return new Promise<void>((done) => (release = done));
    });
    await until("it has begun", () => began);
    expect(await code(write("stop", "operator"))).toBe("DATABASE_BUSY");
    release();
    await long;
  });

  test("answers what the write answers, and throws what it throws, and goes on", async () => {
    const { queue } = given();
    const fault = new Error("a bug");
    await expect(queue({ urgency: "run" }, () => Promise.reject(fault))).rejects.toBe(fault);
    expect(await queue({ urgency: "run" }, async () => 42)).toBe(42);
  });

  test("drops a start whose client has left before it came to its turn", async () => {
    const { write, code, done, state } = given();
    state.held = false;
    expect(await code(write("start", "operator", AbortSignal.abort()))).toBe("REQUEST_ABANDONED");
    expect(done).toEqual([]);
  });
});
