import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { until } from "@/test/until";
import { type QueueLimits, type Urgency, writeQueue } from "./write-queue";

const LOCKED = new Error("held");
const FULL = new Error("no room");
const held = {
  isHeld: (error: unknown) => error === LOCKED,
  refusal: () => new AppError("DATABASE_LOCKED", "Locked."),
};
const LIMITS: QueueLimits = {
  heldMs: 60_000,
  busyMs: 60_000,
  askAgainMs: 1,
  groupMost: 4,
  groupMs: 60_000,
  room: { operator: 1_000, run: 1_000, housekeeping: 1_000 },
};

/**
 * A queue over a database that only keeps what was committed. `begins` and `commits` say what goes wrong with the transactions to come, one
 * after the other. `done`: who was kept, a list for each transaction; `answers`: who was answered, and how many were kept by then.
 */
function given(limits: Partial<QueueLimits> = {}) {
  const begins: (Error | null)[] = [];
  const commits: (Error | null)[] = [];
  const done: string[][] = [];
  const tried: string[] = [];
  const answers: string[] = [];
  let open: string[] = [];
  const inOne = (next: () => (() => unknown) | null): PromiseSettledResult<unknown>[] => {
    open = [];
    const begin = begins.shift();
    if (begin) throw begin;
    const became: PromiseSettledResult<unknown>[] = [];
    for (let work = next(); work !== null; work = next())
      try {
        became.push({ status: "fulfilled", value: work() });
      } catch (reason) {
        became.push({ status: "rejected", reason });
      }
    const commit = commits.shift();
    if (commit) throw commit;
    done.push(open);
    return became;
  };
  const queue = writeQueue(held, inOne, { ...LIMITS, ...limits });
  const write = async (name: string, urgency: Urgency = "run", signal?: AbortSignal) => {
    const answer = await queue.together({ urgency, signal }, () => {
      tried.push(name);
      if (name.startsWith("bad")) throw new Error(name);
      open.push(name);
      return name;
    });
    answers.push(`${answer} of ${done.flat().length}`);
    return answer;
  };
  const alone = (name: string, urgency: Urgency = "run") =>
    queue.alone({ urgency }, async () => {
      await new Promise(setImmediate);
      done.push([name]);
    });
  const all = (...writes: Promise<unknown>[]) => Promise.all(writes);
  return { write, alone, all, begins, commits, done, tried, answers };
}

describe("writes that wait at the same time share a transaction", () => {
  test("none is answered before it is over, and each gets its own answer", async () => {
    const { write, all, done, answers } = given();
    expect(await all(write("a"), write("b"), write("c"))).toEqual(["a", "b", "c"]);
    expect(done).toEqual([["a", "b", "c"]]);
    expect(answers).toEqual(["a of 3", "b of 3", "c of 3"]);
  });

  test("one that comes alone is carried out alone, and so is the next", async () => {
    const { write, done } = given();
    await write("a");
    await write("b");
    expect(done).toEqual([["a"], ["b"]]);
  });

  test("no more than so many, so that who comes meanwhile does not wait for all of a long line", async () => {
    const { write, done } = given();
    const [first, ...line] = Array.from({ length: 12 }, (_, at) => write(String(at)));
    await Promise.all([first?.then(() => write("stop", "operator")), ...line]);
    expect(done.slice(0, 2)).toEqual([
      ["0", "1", "2", "3"],
      ["stop", "4", "5", "6"],
    ]);
  });

  test("no more once they have taken so long", async () => {
    const { write, all, done } = given({ groupMs: -1 });
    await all(write("a"), write("b"));
    expect(done).toEqual([["a"], ["b"]]);
  });

  test("the more urgent go first, every fourth turn is that of who has waited longest, within a group as across groups", async () => {
    const { write, all, done } = given({ groupMost: 3 });
    const tidy = ["t1", "t2"].map((name) => write(name, "housekeeping"));
    const runs = ["r1", "r2"].map((name) => write(name, "run"));
    const stops = ["s1", "s2", "s3", "s4"].map((name) => write(name, "operator"));
    await all(...tidy, ...runs, ...stops);
    expect(done).toEqual([
      ["s1", "s2", "s3"],
      ["t1", "s4", "r1"],
      ["r2", "t2"],
    ]);
  });

  test("one that makes its own transaction is in none of them, and keeps its place", async () => {
    const { write, alone, all, done } = given();
    await all(write("a"), write("b"), alone("long"), write("c"), write("d"));
    expect(done).toEqual([["a", "b"], ["long"], ["c", "d"]]);
  });

  test("one whose client has left before its turn is in none of them", async () => {
    const { write, all, done, tried } = given();
    const client = new AbortController();
    const start = write("start", "operator", client.signal).catch((error: AppError) => error.code);
    const stop = write("stop", "operator");
    client.abort();
    expect(await all(start, stop)).toEqual(["REQUEST_ABANDONED", "stop"]);
    expect([done, tried]).toEqual([[["stop"]], ["stop"]]);
  });
});

describe("what fails in such a transaction", () => {
  test("is told to the one that failed, and changes nothing for the others", async () => {
    const { write, done, tried } = given();
    const became = await Promise.allSettled([write("a"), write("bad"), write("c")]);
    expect(became.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect([done, tried]).toEqual([[["a", "c"]], ["a", "bad", "c"]]);
  });

  test("as a whole: each is tried again by itself, and told what is true of it", async () => {
    const { write, done, commits, answers } = given();
    commits.push(FULL, null, FULL, null);
    const became = await Promise.allSettled([write("a"), write("b"), write("c")]);
    expect(became.map((one) => (one.status === "fulfilled" ? one.value : one.reason))).toEqual([
      "a",
      FULL,
      "c",
    ]);
    expect(done).toEqual([["a"], ["c"]]);
    expect(answers).toEqual(["a of 1", "c of 2"]);
  });

  test("as a whole: who comes meanwhile does not share with them", async () => {
    const { write, all, done, commits } = given();
    commits.push(FULL);
    await all(
      write("a").then(() => write("d")),
      write("b"),
    );
    expect(done).toEqual([["a"], ["b"], ["d"]]);
  });

  test("at its beginning: the first is told, and the line goes on", async () => {
    const { write, done, begins } = given();
    begins.push(FULL);
    const became = await Promise.allSettled([write("a"), write("b")]);
    expect(became[0]).toEqual({ status: "rejected", reason: FULL });
    expect(done).toEqual([["b"]]);
  });

  test("because another program holds the database: all wait, in their order, and are carried out together", async () => {
    const { write, all, done, begins, commits, tried } = given();
    const enough = 10_000;
    begins.push(...Array.from({ length: enough }, () => LOCKED));
    commits.push(LOCKED);
    const client = new AbortController();
    const start = write("start", "run", client.signal).catch((error: AppError) => error.code);
    const others = all(write("a"), write("b"));
    await until("it was tried", () => begins.length < enough);
    client.abort();
    expect(await start).toBe("REQUEST_ABANDONED");
    begins.length = 0;
    await others;
    expect(done).toEqual([["a", "b"]]);
    expect(tried, "held at the beginning, and once at the end").toEqual(["a", "b", "a", "b"]);
  });

  test("because the database is held for too long: each is refused, and not carried out afterwards", async () => {
    const { write, done, begins } = given({ heldMs: 20 });
    begins.push(...Array.from({ length: 10_000 }, () => LOCKED));
    const became = await Promise.allSettled([write("a"), write("b")]);
    expect(became.map((one) => one.status === "rejected" && one.reason.code)).toEqual([
      "DATABASE_LOCKED",
      "DATABASE_LOCKED",
    ]);
    begins.length = 0;
    await write("c");
    expect(done).toEqual([["c"]]);
  });
});
