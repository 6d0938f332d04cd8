import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { textOf } from "./logs-buffer";
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

describe("opening", () => {
  it("shows the tail of a large file after one read", async () => {
    bench.file.text = log(100_000);
    await bench.open();
    expect(bench.file.reads).toHaveLength(1);
    expect(bench.stream.snapshot()).toMatchObject({ phase: "ready", size: bench.file.text.length });
    expect(bench.texts().at(-1)).toBe("line 00000000099999");
    expect(bench.stream.snapshot().buffer.start).toBeGreaterThan(0);
  });

  it("asks once more when the size it was told is an old one", async () => {
    bench.file.text = log(200_000);
    await bench.open(1000);
    expect(bench.file.reads).toHaveLength(2);
    expect(bench.texts().at(-1)).toBe("line 00000000199999");
  });

  it("opens a file that is shorter than it was told", async () => {
    bench.file.text = log(10);
    await bench.open(50_000_000);
    expect(bench.texts()).toHaveLength(10);
  });

  it("waits for the first output of a run", async () => {
    bench.file.exists = false;
    await bench.open(0);
    expect(bench.stream.snapshot().phase).toBe("empty");
    bench.file.exists = true;
    bench.file.text = "hello\n";
    await bench.pass(1_000);
    expect(bench.texts()).toEqual(["hello"]);
  });

  it("says that the log of a run that wrote one is gone", async () => {
    bench.file.exists = false;
    bench.stream = new LogStream(bench.file, 5000);
    bench.stream.setRun(false, 5000);
    bench.stream.start();
    await bench.pass(5_000);
    expect(bench.stream.snapshot().phase).toBe("missing");
    expect(bench.file.reads.length).toBeLessThan(3);
  });

  it("opens at the place a link names", async () => {
    bench.file.text = log(300_000);
    await bench.open(bench.file.text.length, 1_000_003);
    const { buffer } = bench.stream.snapshot();
    expect(textOf(buffer.lines[buffer.indexAt(1_000_003)] ?? expect.fail("not loaded"))).toBe(
      "line 00000000050000",
    );
    await bench.pass(10_000);
    expect(bench.file.reads).toHaveLength(1);
  });

  it("opens the end when a link names a place the file does not have", async () => {
    bench.file.text = log(10);
    await bench.open(bench.file.text.length, 1_000_000);
    expect(bench.stream.snapshot().notice).toEqual({ kind: "elsewhere", offset: 1_000_000 });
    expect(bench.texts()).toHaveLength(10);
  });
});

describe("following", () => {
  it("reads what is new once a second, and nothing twice", async () => {
    bench.file.text = log(3);
    await bench.open();
    bench.file.text += log(2, 3);
    await bench.pass(1_000);
    bench.file.text += "half a ";
    await bench.pass(1_000);
    bench.file.text += "line\n";
    await bench.pass(1_000);
    expect(bench.texts().slice(3)).toEqual(["line 00000000000003", "line 00000000000004", "half a line"]);
  });

  it("asks nothing while the page is hidden, and at once when it comes back", async () => {
    await bench.open();
    const before = bench.file.reads.length;
    bench.stream.setVisible(false);
    await bench.pass(60_000);
    expect(bench.file.reads.length).toBe(before);
    bench.file.text = "new\n";
    bench.stream.setVisible(true);
    await bench.pass(1);
    expect(bench.texts()).toEqual(["new"]);
  });

  it("reads once more after the run is over, then stops", async () => {
    bench.file.text = log(1);
    await bench.open();
    bench.file.text += log(1, 1);
    bench.stream.setRun(false, 0);
    await bench.pass(100);
    expect(bench.texts()).toHaveLength(2);
    expect(bench.stream.snapshot().complete).toBe(true);
    const { length } = bench.file.reads;
    await bench.pass(60_000);
    expect(bench.file.reads.length).toBe(length);
  });

  it("reads the end of a long last burst whole", async () => {
    bench.file.text = log(1);
    await bench.open();
    bench.file.text += log(200_000, 1);
    bench.stream.setRun(false, bench.file.text.length);
    await bench.pass(200);
    expect(bench.texts().at(-1)).toBe("line 00000000200000");
    expect(bench.stream.snapshot()).toMatchObject({ complete: true, notice: null });
  });

  it("skips ahead, and says so, when the log runs away", async () => {
    bench.file.text = log(1);
    await bench.open();
    bench.file.text += log(600_000, 1);
    await bench.pass(1_100);
    expect(bench.texts().at(-1)).toBe("line 00000000600000");
    expect(bench.stream.snapshot().notice?.kind).toBe("skipped");
  });

  it("says that the file was cut and shows what it holds now", async () => {
    bench.file.text = log(100);
    await bench.open();
    bench.file.text = "after\n";
    await bench.pass(1_000);
    expect(bench.texts()).toEqual(["after"]);
    expect(bench.stream.snapshot().notice).toEqual({ kind: "cut" });
  });

  it.each([
    ["longer than before", log(300, 5_000)],
    ["of the very length it had", log(100, 5_000)],
    ["with the same beginning", log(50) + log(200, 5_000)],
  ])("FR-A17 goes on with a file that was emptied and has been written anew since, %s", async (_, text) => {
    bench.file.text = log(100);
    await bench.open();
    bench.file.text = text;
    await bench.pass(1_000);
    expect(bench.texts().join("\n")).toBe(text.trimEnd());
    expect(bench.stream.snapshot().notice).toEqual({ kind: "cut" });
    bench.file.text += log(1, 9_000);
    await bench.pass(1_000);
    expect(bench.texts().at(-1)).toBe("line 00000000009000");
  });

  it("FR-A17 goes on when the bytes it knew are dropped by the cap, in part or all", async () => {
    bench.file.text = log(100);
    await bench.open();
    for (const dropped of [bench.file.text.length - 40, bench.file.text.length]) {
      bench.file.dropped = dropped;
      bench.file.text += log(1, dropped);
      await bench.pass(1_000);
      expect(bench.texts().at(-1)).toBe(log(1, dropped).trimEnd());
      expect(bench.stream.snapshot().notice).toBeNull();
    }
  });

  it("gives lines of a reopened log keys of their own", async () => {
    bench.file.text = log(5);
    await bench.open();
    const { nextKey } = bench.stream.snapshot().buffer;
    bench.file.text = "after\n";
    await bench.pass(1_000);
    expect(bench.stream.snapshot().buffer.firstKey).toBeGreaterThanOrEqual(nextKey);
  });
});
