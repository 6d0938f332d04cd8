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

describe("a reader in the middle", () => {
  it("loads what comes before, without a gap", async () => {
    file.text = log(100_000);
    await open();
    stream.setReader(false, false);
    for (let i = 0; i < 3; i++) {
      stream.loadEarlier();
      await pass(10);
    }
    expect(stream.snapshot().buffer.start).toBe(0);
    expect(texts()).toHaveLength(100_000);
    expect(stream.snapshot().buffer.firstNumber).toBe(1);
    expect(texts()[12_345]).toBe("line 00000000012345");
  });

  it("takes one read at a time", async () => {
    file.text = log(100_000);
    await open();
    stream.loadEarlier();
    stream.loadEarlier();
    await pass(10);
    expect(file.reads.filter((read) => read.startsWith("range"))).toHaveLength(1);
  });

  it("remembers what was asked for while it was reading something else", async () => {
    file.text = log(100_000);
    stream = new LogStream(file, file.text.length);
    const asked = stream.subscribe(() => {
      if (stream.snapshot().phase !== "ready") return;
      asked();
      stream.loadEarlier();
    });
    stream.start();
    await pass(10);
    expect(file.reads.filter((read) => read.startsWith("range"))).toHaveLength(1);
  });

  it("gets what comes later when it nears the end of what is loaded", async () => {
    file.text = log(200_000);
    await open(file.text.length, 1000);
    const { end } = stream.snapshot().buffer;
    stream.setReader(false, true);
    await pass(1);
    expect(stream.snapshot().buffer.end).toBeGreaterThan(end);
  });

  it("goes to the end in one read when it jumps there", async () => {
    file.text = log(300_000);
    await open(file.text.length, 1000);
    stream.jumpToEnd();
    await pass(10);
    expect(texts().at(-1)).toBe("line 00000000299999");
    expect(file.reads).toHaveLength(2);
  });
});

describe("failing", () => {
  it("keeps what is shown, says what happened and goes on by itself", async () => {
    file.text = log(2);
    await open();
    file.broken = true;
    await pass(1_000);
    expect(stream.snapshot().failure?.message).toContain("did not answer");
    expect(texts()).toHaveLength(2);
    file.broken = false;
    file.text += log(1, 2);
    await pass(5_000);
    expect(stream.snapshot().failure).toBeNull();
    expect(texts()).toHaveLength(3);
  });

  it("asks less and less often", async () => {
    file.broken = true;
    await open();
    expect(stream.snapshot().phase).toBe("failed");
    await pass(60_000);
    expect(file.reads.length).toBeLessThan(9);
  });

  it("tries at once when asked to", async () => {
    file.broken = true;
    await open();
    await pass(30_000);
    file.broken = false;
    file.text = "a\n";
    stream.retry();
    await pass(1);
    expect(texts()).toEqual(["a"]);
  });

  it("goes on after it was stopped and started", async () => {
    file.text = "a\n";
    await open();
    stream.stop();
    file.text += "b\n";
    await pass(5_000);
    expect(texts()).toEqual(["a"]);
    stream.start();
    await pass(1);
    expect(texts()).toEqual(["a", "b"]);
  });
});

describe("a log whose beginning was dropped", () => {
  const LINE = "line 00000000000000\n".length;

  it("begins at its first kept line, and there is nothing earlier to load", async () => {
    file.text = log(1_000);
    file.dropped = 900 * LINE;
    await open();
    expect(texts()[0]).toBe("line 00000000000900");
    expect(stream.snapshot()).toMatchObject({ phase: "ready", keptFrom: 900 * LINE });
    stream.loadEarlier();
    await pass(10);
    expect(file.reads).toHaveLength(1);
  });

  it("loads what comes before up to the hole, whole lines only", async () => {
    file.text = log(100_000);
    file.dropped = 70_000 * LINE;
    await open();
    stream.setReader(false, false);
    stream.loadEarlier();
    await pass(10);
    expect(texts()[0]).toBe("line 00000000070000");
    expect(texts()).toHaveLength(30_000);
    expect(stream.snapshot()).toMatchObject({ notice: null, keptFrom: 70_000 * LINE });
  });

  it("does not take a hole that overtook the reader for a file that was cut", async () => {
    file.text = log(100_000);
    await open();
    stream.setReader(false, false);
    const { start } = stream.snapshot().buffer;
    file.dropped = 99_000 * LINE;
    stream.loadEarlier();
    await pass(10);
    expect(stream.snapshot()).toMatchObject({ notice: null, keptFrom: 99_000 * LINE, loadingEarlier: false });
    expect(stream.snapshot().buffer.start).toBe(start);
  });

  it("says what a follower missed, and shows no line that is made of two", async () => {
    file.text = `${log(10)}half a `;
    await open();
    file.text += `line\n${log(1_000, 10)}`;
    file.dropped = file.text.length - 10 * LINE;
    await pass(1_000);
    expect(texts()).toHaveLength(10);
    expect(texts()[0]).toBe("line 00000000001000");
    expect(stream.snapshot().notice).toEqual({ kind: "outrun", bytes: file.dropped - (10 * LINE + 7) });
  });

  it("opens the end when a link names a place that was dropped", async () => {
    file.text = log(1_000);
    file.dropped = 900 * LINE;
    await open(file.text.length, 100);
    expect(stream.snapshot().notice).toEqual({ kind: "elsewhere", offset: 100 });
    expect(texts()[0]).toBe("line 00000000000900");
  });
});
