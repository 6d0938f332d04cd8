import fc from "fast-check";
import { expect, test } from "vitest";
import { type Book, nextBook, openBook, type Reading } from "./book";

const a = (pid: number, own: number, children = 0, startTicks = 1): Reading => ({
  pid,
  startTicks,
  own,
  children,
});
const after = (...looks: Reading[][]): Book => looks.reduce<Book>(nextBook, openBook(0));

test("the living count, and what they have inherited from children they waited for", () => {
  expect(after([a(1, 10), a(2, 5, 7)]).total).toBe(22);
});

test("a child that was waited for is counted once, by its parent, with what it used after the last look", () => {
  expect(after([a(1, 10), a(2, 50)], [a(1, 11, 60)]).total).toBe(71);
});

test("a daemon nobody waited for keeps what was seen of it", () => {
  expect(after([a(1, 10), a(2, 50)], [a(1, 11)]).total).toBe(61);
  expect(after([a(1, 10), a(2, 50)], [a(1, 11)], [a(1, 12)]).total).toBe(62);
});

test("a waited-for child's own inheritance goes up with it", () => {
  expect(after([a(1, 0), a(2, 5, 20)], [a(1, 0, 26)]).total).toBe(26);
});

test("a pid with another start time is somebody else", () => {
  expect(after([a(1, 0), a(2, 50, 0, 1)], [a(1, 0), a(2, 3, 0, 9)]).total).toBe(53);
});

test("when all are gone the total stays", () => {
  expect(after([a(1, 10), a(2, 50)], []).total).toBe(60);
  expect(after([a(1, 10), a(2, 50)], [], [a(3, 5)]).total).toBe(65);
});

test("a dashboard that takes a run over goes on from what was counted, and adds nothing twice", () => {
  expect(nextBook(openBook(100), [a(1, 40)]).total).toBe(100);
  expect(nextBook(nextBook(openBook(100), [a(1, 40)]), [a(1, 55)]).total).toBe(115);
  expect(nextBook(openBook(100), [a(1, 140)]).total).toBe(140);
});

/** A small world of processes with a truth to compare with: each step somebody works, is born, or ends. */
test("whatever a tree does, the total never falls, never exceeds the truth, and is the truth when everybody is waited for", () => {
  const step = fc.record({
    act: fc.constantFrom("work", "fork", "exit", "daemon-exit", "look"),
    who: fc.nat(20),
    ticks: fc.nat(50),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      type Process = { pid: number; parent: number; own: number; children: number };
      let alive: Process[] = [{ pid: 1, parent: 0, own: 0, children: 0 }];
      let pids = 1;
      let truth = 0;
      let daemons = false;
      let book = openBook(0);
      const look = () => {
        const next = nextBook(
          book,
          alive.map(({ pid, own, children }) => a(pid, own, children)),
        );
        expect(next.total).toBeGreaterThanOrEqual(book.total);
        expect(next.total).toBeLessThanOrEqual(truth);
        if (!daemons) expect(next.total).toBe(truth);
        book = next;
      };
      for (const { act, who, ticks } of steps) {
        const one = alive[who % alive.length] as Process;
        if (act === "work") {
          one.own += ticks;
          truth += ticks;
        } else if (act === "fork") {
          pids += 1;
          alive.push({ pid: pids, parent: one.pid, own: 0, children: 0 });
        } else if (act === "look") look();
        else if (one.pid !== 1 && !alive.some(({ parent }) => parent === one.pid)) {
          alive = alive.filter((other) => other !== one);
          const parent = alive.find(({ pid }) => pid === one.parent);
          if (act === "exit" && parent !== undefined) parent.children += one.own + one.children;
          else daemons = true;
        }
      }
      look();
    }),
    { numRuns: 300 },
  );
});
