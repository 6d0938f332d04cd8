import fc from "fast-check";
import { expect, test } from "vitest";
import { runId } from "@/test/factories";
import type { RunId } from "./ids";
import { limitNames, takeTurns, type Waiting } from "./queue";

const LOCKS = ["shared:x", "shared:y", "shared:z"];
const TAGS = ["t", "u"];
const MAXIMA = new Map([
  ["worker", 4],
  ["tag:t", 2],
  ["tag:u", 1],
]);

type Asked = {
  readonly locks: readonly string[];
  readonly tags: readonly string[];
  readonly priority: number;
};
type Queued = Waiting & { readonly priority: number; readonly came: number };

/** The queue with its locks and places in small: runs come, are given their turn, and end in the order they began. */
class Model {
  queue: Queued[] = [];
  active: Queued[] = [];
  private came = 0;

  ask({ locks, tags, priority }: Asked): Queued {
    this.came += 1;
    const id = runId(`run_${this.came}`);
    const run = { id, locks: [`job:${this.came}`, ...locks], tags, priority, came: this.came };
    this.queue = [...this.queue, run].sort((a, b) => b.priority - a.priority || a.came - b.came);
    return run;
  }

  /** @returns who began */
  begin(): Queued[] {
    const holders = new Map<string, RunId>(
      this.active.flatMap((run) => run.locks.map((lock) => [lock, run.id] as const)),
    );
    const capacities = [...MAXIMA].map(([name, maxRuns]) => ({ name, maxRuns, active: this.countIn(name) }));
    const turns = takeTurns(this.queue, holders, capacities);
    const going = new Set(turns.filter(({ obstacle }) => obstacle === null).map(({ run }) => run.id));
    const began = this.queue.filter((run) => going.has(run.id));
    this.queue = this.queue.filter((run) => !going.has(run.id));
    this.active = [...this.active, ...began];
    return began;
  }

  endOldest(): void {
    this.active = this.active.slice(1);
  }

  countIn(limit: string): number {
    return this.active.filter((run) => limitNames(run.tags).includes(limit)).length;
  }
}

const asked = (priorities: fc.Arbitrary<number>): fc.Arbitrary<Asked> =>
  fc.record({ locks: fc.subarray(LOCKS), tags: fc.subarray(TAGS), priority: priorities });
const step = fc.oneof(
  { weight: 3, arbitrary: asked(fc.integer({ min: -1, max: 1 })) },
  { weight: 2, arbitrary: fc.constant(null) },
);

test("whatever comes and ends, no lock has two holders, no limit is passed, and nobody is overtaken for a lock", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const model = new Model();
      for (const one of steps) {
        if (one === null) model.endOldest();
        else model.ask(one);
        const began = model.begin();
        const locks = model.active.flatMap((run) => run.locks);
        expect(new Set(locks).size).toBe(locks.length);
        for (const [name, max] of MAXIMA) expect(model.countIn(name)).toBeLessThanOrEqual(max);
        for (const run of began)
          for (const other of model.queue) {
            if (other.priority < run.priority || (other.priority === run.priority && other.came > run.came))
              continue;
            expect(run.locks.filter((lock) => other.locks.includes(lock))).toEqual([]);
          }
      }
    }),
    { numRuns: 500 },
  );
});

test("nobody starves: with runs of its priority coming for ever, everyone begins after a bounded number of ends", () => {
  fc.assert(
    fc.property(
      fc.array(asked(fc.constant(0)), { maxLength: 12 }),
      asked(fc.constant(0)),
      fc.array(asked(fc.constant(0)), { minLength: 1, maxLength: 8 }),
      (before, own, crowd) => {
        const model = new Model();
        for (const one of before) model.ask(one);
        model.begin();
        const subject = model.ask(own);
        model.begin();
        const ahead = model.queue.length + model.active.length;
        // Each of those ahead ends at most once before it, and while one of them ends all who are active have ended once.
        let ends = 0;
        for (let turn = 0; model.queue.includes(subject); turn += 1) {
          const next = crowd[turn % crowd.length];
          if (next !== undefined) model.ask(next);
          model.begin();
          model.endOldest();
          model.begin();
          ends += 1;
          expect(ends).toBeLessThanOrEqual((ahead + 1) * 5);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("when nobody comes any more, everyone has had a turn in the end", () => {
  fc.assert(
    fc.property(fc.array(asked(fc.integer({ min: -100, max: 100 })), { maxLength: 30 }), (all) => {
      const model = new Model();
      for (const one of all) model.ask(one);
      let begun = model.begin().length;
      while (model.active.length > 0) {
        model.endOldest();
        begun += model.begin().length;
      }
      expect(begun).toBe(all.length);
      expect(model.queue).toEqual([]);
    }),
  );
});
