import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type LogRead, type LogSource, READ_BYTES } from "./logs";
import { textOf } from "./logs-buffer";
import { LogStream } from "./logs-stream";

/** A log file in memory that answers as the server does. */
class FakeLog implements LogSource {
  text = "";
  exists = true;
  broken = false;
  reads: string[] = [];

  async after(offset: number): Promise<LogRead> {
    this.reads.push(`after ${offset}`);
    return this.answer(offset, offset + READ_BYTES);
  }

  async range(from: number, to: number): Promise<LogRead> {
    this.reads.push(`range ${from}-${to}`);
    return this.answer(from, to);
  }

  private answer(from: number, to: number): LogRead {
    if (this.broken) throw new Error("The server did not answer.");
    if (!this.exists) return { outcome: "missing" };
    const size = this.text.length;
    if (from > size) return { outcome: "beyond", size };
    return { outcome: "bytes", at: from, bytes: new TextEncoder().encode(this.text.slice(from, to)), size };
  }
}

const log = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `line ${String(from + i).padStart(14, "0")}\n`).join("");

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
