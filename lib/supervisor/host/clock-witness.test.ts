import { expect, test } from "vitest";
import { clockWitness } from "./clock-witness";

const HOUR = 3_600_000;
const BOOT = 1_700_000_000_000;

/** Clocks a test sets: `up` is the time since boot, `set` how far somebody has set the wall clock since. */
function clocks() {
  const at = { up: 100_000, set: 0 };
  const witness = clockWitness(
    () => BOOT + at.set + at.up,
    () => at.up,
  );
  witness.look();
  return { at, witness, wall: (up: number) => BOOT + at.set + up };
}

test("a process that was there when the file was written comes first, a later one does not", () => {
  const { witness, wall } = clocks();
  expect(witness.order(50_000, wall(50_010))).toBe("process_first");
  // A file's time comes from a clock with a coarse grain: written "before" the very process that wrote it.
  expect(witness.order(50_000, wall(49_990))).toBe("process_first");
  expect(witness.order(60_000, wall(50_000))).toBe("file_first");
});

test("a clock that was set back makes nobody a writer who was born after the file", () => {
  const { at, witness, wall } = clocks();
  const written = wall(50_000);
  at.set = -HOUR;
  at.up += 2 * HOUR;
  // Believed with the new setting alone: the file would seem to be an hour younger than it is.
  expect(witness.order(50_000 + HOUR / 2, written)).toBe("unknown");
  expect(witness.order(50_000, written)).toBe("process_first");
  expect(witness.order(50_000 + HOUR + 1_000, written)).toBe("file_first");
});

test("a clock that was set forward makes nobody a stranger who did write the file", () => {
  const { at, witness, wall } = clocks();
  const written = wall(50_010);
  at.set = HOUR;
  at.up += 1_000;
  expect(witness.order(50_000, written)).toBe("unknown");
  expect(witness.order(60_000, written)).toBe("file_first");
});

test("a file from before this boot was written by nobody who lives", () => {
  const { witness } = clocks();
  expect(witness.order(5_000, BOOT - 60_000)).toBe("file_first");
});

test("a time in the future says nothing", () => {
  const { witness, wall } = clocks();
  expect(witness.order(5_000, wall(100_000 + HOUR))).toBe("unknown");
});

test("a moment since boot is told as wall time by the clock as it is now", () => {
  const { at, witness } = clocks();
  at.set = HOUR;
  expect(witness.wallTime(7_000)).toBe(BOOT + HOUR + 7_000);
});
