import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { textOf } from "./logs-buffer";
import { LogStream } from "./logs-stream";
import { FakeLog, numberedLines as log } from "./logs-stream.fixture";

let file: FakeLog;
let stream: LogStream;

beforeEach(() => {
  vi.useFakeTimers();
  file = new FakeLog();
});
afterEach(() => {
  stream.stop();
  vi.useRealTimers();
});

async function open(size = file.text.length, openAt: number | null = null): Promise<void> {
  stream = new LogStream(file, size, openAt);
  stream.start();
  await vi.advanceTimersByTimeAsync(10);
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const texts = () => stream.snapshot().buffer.lines.map(textOf);

describe("opening", () => {
  it("shows the tail of a large file after one read", async () => {
    file.text = log(100_000);
    await open();
    expect(file.reads).toHaveLength(1);
    expect(stream.snapshot()).toMatchObject({ phase: "ready", size: file.text.length });
    expect(texts().at(-1)).toBe("line 00000000099999");
    expect(stream.snapshot().buffer.start).toBeGreaterThan(0);
  });

  it("asks once more when the size it was told is an old one", async () => {
    file.text = log(200_000);
    await open(1000);
    expect(file.reads).toHaveLength(2);
    expect(texts().at(-1)).toBe("line 00000000199999");
  });

  it("opens a file that is shorter than it was told", async () => {
    file.text = log(10);
    await open(50_000_000);
    expect(texts()).toHaveLength(10);
  });

  it("waits for the first output of a run", async () => {
    file.exists = false;
    await open(0);
    expect(stream.snapshot().phase).toBe("empty");
    file.exists = true;
    file.text = "hello\n";
    await pass(1_000);
    expect(texts()).toEqual(["hello"]);
  });

  it("says that the log of a run that wrote one is gone", async () => {
    file.exists = false;
    stream = new LogStream(file, 5000);
    stream.setRun(false, 5000);
    stream.start();
    await pass(5_000);
    expect(stream.snapshot().phase).toBe("missing");
    expect(file.reads.length).toBeLessThan(3);
  });

  it("opens at the place a link names", async () => {
    file.text = log(300_000);
    await open(file.text.length, 1_000_003);
    const { buffer } = stream.snapshot();
    expect(textOf(buffer.lines[buffer.indexAt(1_000_003)] ?? expect.fail("not loaded"))).toBe(
      "line 00000000050000",
    );
    await pass(10_000);
    expect(file.reads).toHaveLength(1);
  });

  it("opens the end when a link names a place the file does not have", async () => {
    file.text = log(10);
    await open(file.text.length, 1_000_000);
    expect(stream.snapshot().notice).toEqual({ kind: "elsewhere", offset: 1_000_000 });
    expect(texts()).toHaveLength(10);
  });
});

describe("following", () => {
  it("reads what is new once a second, and nothing twice", async () => {
    file.text = log(3);
    await open();
    file.text += log(2, 3);
    await pass(1_000);
    file.text += "half a ";
    await pass(1_000);
    file.text += "line\n";
    await pass(1_000);
    expect(texts().slice(3)).toEqual(["line 00000000000003", "line 00000000000004", "half a line"]);
  });

  it("asks nothing while the page is hidden, and at once when it comes back", async () => {
    await open();
    const before = file.reads.length;
    stream.setVisible(false);
    await pass(60_000);
    expect(file.reads.length).toBe(before);
    file.text = "new\n";
    stream.setVisible(true);
    await pass(1);
    expect(texts()).toEqual(["new"]);
  });

  it("reads once more after the run is over, then stops", async () => {
    file.text = log(1);
    await open();
    file.text += log(1, 1);
    stream.setRun(false, 0);
    await pass(100);
    expect(texts()).toHaveLength(2);
    expect(stream.snapshot().complete).toBe(true);
    const { length } = file.reads;
    await pass(60_000);
    expect(file.reads.length).toBe(length);
  });

  it("reads the end of a long last burst whole", async () => {
    file.text = log(1);
    await open();
    file.text += log(200_000, 1);
    stream.setRun(false, file.text.length);
    await pass(200);
    expect(texts().at(-1)).toBe("line 00000000200000");
    expect(stream.snapshot()).toMatchObject({ complete: true, notice: null });
  });

  it("skips ahead, and says so, when the log runs away", async () => {
    file.text = log(1);
    await open();
    file.text += log(600_000, 1);
    await pass(1_100);
    expect(texts().at(-1)).toBe("line 00000000600000");
    expect(stream.snapshot().notice?.kind).toBe("skipped");
  });

  it("says that the file was cut and shows what it holds now", async () => {
    file.text = log(100);
    await open();
    file.text = "after\n";
    await pass(1_000);
    expect(texts()).toEqual(["after"]);
    expect(stream.snapshot().notice).toEqual({ kind: "cut" });
  });

  it("gives lines of a reopened log keys of their own", async () => {
    file.text = log(5);
    await open();
    const { nextKey } = stream.snapshot().buffer;
    file.text = "after\n";
    await pass(1_000);
    expect(stream.snapshot().buffer.firstKey).toBeGreaterThanOrEqual(nextKey);
  });
});
