import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LogStream } from "./logs-stream";
import { numberedLines as log, StreamBench } from "./logs-stream.fixture";

const bench = new StreamBench((ms) => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  vi.useFakeTimers();
  bench.begin();
});
afterEach(() => {
  bench.stream.stop();
  vi.useRealTimers();
});

describe("a reader in the middle", () => {
  it("loads what comes before, without a gap", async () => {
    bench.file.text = log(100_000);
    await bench.open();
    bench.stream.setReader(false, false);
    for (let i = 0; i < 3; i++) {
      bench.stream.loadEarlier();
      await bench.pass(10);
    }
    expect(bench.stream.snapshot().buffer.start).toBe(0);
    expect(bench.texts()).toHaveLength(100_000);
    expect(bench.stream.snapshot().buffer.firstNumber).toBe(1);
    expect(bench.texts()[12_345]).toBe("line 00000000012345");
  });

  it("takes one read at a time", async () => {
    bench.file.text = log(100_000);
    await bench.open();
    bench.stream.loadEarlier();
    bench.stream.loadEarlier();
    await bench.pass(10);
    expect(bench.file.reads.filter((read) => read.startsWith("range"))).toHaveLength(1);
  });

  it("remembers what was asked for while it was reading something else", async () => {
    bench.file.text = log(100_000);
    bench.stream = new LogStream(bench.file, bench.file.text.length);
    const asked = bench.stream.subscribe(() => {
      if (bench.stream.snapshot().phase !== "ready") return;
      asked();
      bench.stream.loadEarlier();
    });
    bench.stream.start();
    await bench.pass(10);
    expect(bench.file.reads.filter((read) => read.startsWith("range"))).toHaveLength(1);
  });

  it("gets what comes later when it nears the end of what is loaded", async () => {
    bench.file.text = log(200_000);
    await bench.open(bench.file.text.length, 1000);
    const { end } = bench.stream.snapshot().buffer;
    bench.stream.setReader(false, true);
    await bench.pass(1);
    expect(bench.stream.snapshot().buffer.end).toBeGreaterThan(end);
  });

  it("goes to the end in one read when it jumps there", async () => {
    bench.file.text = log(300_000);
    await bench.open(bench.file.text.length, 1000);
    bench.stream.jumpToEnd();
    await bench.pass(10);
    expect(bench.texts().at(-1)).toBe("line 00000000299999");
    expect(bench.file.reads).toHaveLength(2);
  });
});

describe("a reader at the end", () => {
  beforeEach(async () => {
    bench.file.text = log(100_000);
    await bench.open();
    bench.file.text += log(1_000, 100_000);
  });
  /** The page hears of a larger file than it has read. */
  const grow = () => bench.stream.setRun(true, bench.file.text.length);

  it("goes on following while a fast log is being caught up with", () => {
    grow();
    expect(bench.stream.setReader(true, true)).toBe(true);
  });

  it("who was away, does not follow from the last line loaded while the file goes on", async () => {
    bench.stream.setReader(false, true);
    grow();
    expect(bench.stream.setReader(true, true)).toBe(false);
    await bench.pass(1_000);
    expect(bench.stream.setReader(true, true)).toBe(true);
  });
});

describe("failing", () => {
  it("keeps what is shown, says what happened and goes on by itself", async () => {
    bench.file.text = log(2);
    await bench.open();
    bench.file.broken = true;
    await bench.pass(1_000);
    expect(bench.stream.snapshot().failure?.message).toContain("did not answer");
    expect(bench.texts()).toHaveLength(2);
    bench.file.broken = false;
    bench.file.text += log(1, 2);
    await bench.pass(5_000);
    expect(bench.stream.snapshot().failure).toBeNull();
    expect(bench.texts()).toHaveLength(3);
  });

  it("asks less and less often", async () => {
    bench.file.broken = true;
    await bench.open();
    expect(bench.stream.snapshot().phase).toBe("failed");
    await bench.pass(60_000);
    expect(bench.file.reads.length).toBeLessThan(9);
  });

  it("tries at once when asked to", async () => {
    bench.file.broken = true;
    await bench.open();
    await bench.pass(30_000);
    bench.file.broken = false;
    bench.file.text = "a\n";
    bench.stream.retry();
    await bench.pass(1);
    expect(bench.texts()).toEqual(["a"]);
  });

  it("goes on after it was stopped and started", async () => {
    bench.file.text = "a\n";
    await bench.open();
    bench.stream.stop();
    bench.file.text += "b\n";
    await bench.pass(5_000);
    expect(bench.texts()).toEqual(["a"]);
    bench.stream.start();
    await bench.pass(1);
    expect(bench.texts()).toEqual(["a", "b"]);
  });
});

describe("a log whose beginning was dropped", () => {
  const LINE = "line 00000000000000\n".length;

  it("begins at its first kept line, and there is nothing earlier to load", async () => {
    bench.file.text = log(1_000);
    bench.file.dropped = 900 * LINE;
    await bench.open();
    expect(bench.texts()[0]).toBe("line 00000000000900");
    expect(bench.stream.snapshot()).toMatchObject({ phase: "ready", keptFrom: 900 * LINE });
    bench.stream.loadEarlier();
    await bench.pass(10);
    expect(bench.file.reads).toHaveLength(1);
  });

  it("loads what comes before up to the hole, whole lines only", async () => {
    bench.file.text = log(100_000);
    bench.file.dropped = 70_000 * LINE;
    await bench.open();
    bench.stream.setReader(false, false);
    bench.stream.loadEarlier();
    await bench.pass(10);
    expect(bench.texts()[0]).toBe("line 00000000070000");
    expect(bench.texts()).toHaveLength(30_000);
    expect(bench.stream.snapshot()).toMatchObject({ notice: null, keptFrom: 70_000 * LINE });
  });

  it("does not take a hole that overtook the reader for a file that was cut", async () => {
    bench.file.text = log(100_000);
    await bench.open();
    bench.stream.setReader(false, false);
    const { start } = bench.stream.snapshot().buffer;
    bench.file.dropped = 99_000 * LINE;
    bench.stream.loadEarlier();
    await bench.pass(10);
    expect(bench.stream.snapshot()).toMatchObject({
      notice: null,
      keptFrom: 99_000 * LINE,
      loadingEarlier: false,
    });
    expect(bench.stream.snapshot().buffer.start).toBe(start);
  });

  it("says what a follower missed, and shows no line that is made of two", async () => {
    bench.file.text = `${log(10)}half a `;
    await bench.open();
    bench.file.text += `line\n${log(1_000, 10)}`;
    bench.file.dropped = bench.file.text.length - 10 * LINE;
    await bench.pass(1_000);
    expect(bench.texts()).toHaveLength(10);
    expect(bench.texts()[0]).toBe("line 00000000001000");
    expect(bench.stream.snapshot().notice).toEqual({
      kind: "outrun",
      bytes: bench.file.dropped - (10 * LINE + 7),
    });
  });

  it("opens the end when a link names a place that was dropped", async () => {
    bench.file.text = log(1_000);
    bench.file.dropped = 900 * LINE;
    await bench.open(bench.file.text.length, 100);
    expect(bench.stream.snapshot().notice).toEqual({ kind: "elsewhere", offset: 100 });
    expect(bench.texts()[0]).toBe("line 00000000000900");
  });
});
