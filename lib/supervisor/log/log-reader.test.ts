import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { openLog } from "./log-reader";

let path: string;
beforeEach(() => {
  const logs = join(temporaryFolder(), "shop/logs");
  mkdirSync(logs, { recursive: true });
  path = join(logs, "run_1.log");
});

/** What `tail -n` would give, the simple way: a newline at the very end begins no further line. */
function tailOf(content: Buffer, lines: number): string {
  const text = content.toString("latin1");
  const parts = text.split("\n");
  const ended = parts.at(-1) === "";
  if (ended) parts.pop();
  return parts.slice(-lines).join("\n") + (ended && parts.length > 0 ? "\n" : "");
}

async function tailRead(lines: number, within = 1024 * 1024): Promise<string> {
  const log = openLog(path);
  try {
    return readFileSync(path)
      .subarray((await log.tail(lines, within)).from)
      .toString("latin1");
  } finally {
    log.close();
  }
}

async function read(from: number, to: number): Promise<string> {
  return Buffer.from(await new Response(await openLog(path).stream(from, to)).arrayBuffer()).toString(
    "latin1",
  );
}

const piece = fc.oneof(
  fc.constantFrom("\n", "\n\n", "\r\n", "\r", "x", "line\n", "\0", "ü\n"),
  fc.string({ maxLength: 20 }),
  // Around the size of one read, where an off-by-one would show.
  fc.integer({ min: -2, max: 2 }).map((more) => "y".repeat(256 * 1024 + more)),
);

test("the last lines are those a plain split would give, whatever the log holds", async () => {
  const content = fc.array(piece, { maxLength: 7 }).map((pieces) => Buffer.from(pieces.join("")));
  await fc.assert(
    fc.asyncProperty(content, fc.integer({ min: 1, max: 15 }), async (bytes, lines) => {
      writeFileSync(path, bytes);
      expect(
        (await tailRead(lines, 8_000_000)) === tailOf(bytes, lines),
        `${bytes.length} bytes, ${lines} lines`,
      ).toBe(true);
    }),
    { numRuns: 200 },
  );
});

describe("the last lines of", () => {
  const LONG = "z".repeat(300_000);
  const CASES: readonly (readonly [string, string, number, string])[] = [
    ["an empty log", "", 5, ""],
    ["one newline", "\n", 1, "\n"],
    ["only newlines", "\n\n\n", 2, "\n\n"],
    ["a log without a newline", "abc", 1, "abc"],
    ["a log whose last line is unfinished", "a\nb\nc", 2, "b\nc"],
    ["a log whose last line is finished", "a\nb\nc\n", 2, "b\nc\n"],
    ["fewer lines than asked for", "a\nb\n", 100_000, "a\nb\n"],
    ["lines that end in CRLF", "a\r\nb\r\n", 1, "b\r\n"],
    ["a line longer than one read", `a\n${LONG}\n`, 1, `${LONG}\n`],
    ["a line longer than one read before the last", `${LONG}\nb`, 2, `${LONG}\nb`],
  ];
  for (const [what, content, lines, expected] of CASES)
    test(`${what}, ${lines} asked for`, async () => {
      writeFileSync(path, content);
      expect((await tailRead(lines)) === expected).toBe(true);
    });
});

describe("FR-A4 a tail is bounded in bytes whatever the line ends:", () => {
  const bar = Array.from({ length: 400_000 }, (_, at) => `${at}/400000 |####|\r`).join("");

  test("of a progress bar that never ends its line the newest drawings come, from the start of one", async () => {
    writeFileSync(path, `first\n${bar}`);
    const tail = await tailRead(5, 100_000);
    expect(tail).toMatch(/^\d+\/400000 \|####\|\r/);
    expect(tail.length).toBeLessThanOrEqual(100_000);
    expect(tail.length).toBeGreaterThan(99_000);
    expect(tail.endsWith("399999/400000 |####|\r")).toBe(true);
  });

  test("of one endless line the end comes, from the start of a character", async () => {
    writeFileSync(path, "🦀".repeat(100_000));
    for (const within of [1_000, 1_001, 1_002, 1_003])
      expect(Buffer.from(await tailRead(1, within), "latin1").toString()).toBe("🦀".repeat(250));
  });

  test("whole lines before a cut are never cut, and a log of the very size of the bound is whole", async () => {
    writeFileSync(path, `${"x".repeat(50)}\n${"y".repeat(20)}\nz\n`);
    expect(await tailRead(3, 40)).toBe(`${"y".repeat(20)}\nz\n`);
    expect(await tailRead(9, 74)).toHaveLength(74);
  });
});

describe("a stream", () => {
  const CONTENT = Array.from({ length: 30_000 }, (_, line) => `line ${line}\n`).join("");

  test("gives exactly the bytes between its bounds", async () => {
    writeFileSync(path, CONTENT);
    const bound = fc.nat(CONTENT.length);
    await fc.assert(
      fc.asyncProperty(bound, bound, async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect((await read(from, to)) === CONTENT.slice(from, to), `${from}–${to}`).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("of nothing is empty and ends", async () => {
    writeFileSync(path, CONTENT);
    expect(await read(5, 5)).toBe("");
    writeFileSync(path, "");
    expect(await read(0, 0)).toBe("");
  });

  test("ends where the log ended when it was opened, however it grows meanwhile", async () => {
    writeFileSync(path, "old\n");
    const log = openLog(path);
    appendFileSync(path, CONTENT);
    expect(log.size).toBe(4);
    expect(await log.tail(1, 100)).toEqual({ from: 0, cut: false });
    expect(await new Response(await log.stream(0, log.size)).text()).toBe("old\n");
    const later = openLog(path);
    expect(later.size).toBe(CONTENT.length + 4);
    later.close();
  });

  test("ends early instead of waiting when the log is cut short while it is read", async () => {
    writeFileSync(path, CONTENT);
    const log = openLog(path);
    truncateSync(path, 10);
    expect(await new Response(await log.stream(0, log.size)).text()).toBe(CONTENT.slice(0, 10));
  });

  test("promises nothing when its beginning was dropped before the first byte, and breaks off when that happens later", async () => {
    writeFileSync(path, CONTENT);
    let kept = 0;
    const before = openFiles();
    const late = openLog(path, () => kept);
    const body = await late.stream(0, late.size);
    const early = openLog(path, () => kept);
    kept = 300_000;
    expect(await early.stream(0, early.size)).toBeNull();
    await expect(new Response(body).text()).rejects.toThrow("dropped while it was read");
    expect(openFiles()).toBe(before);
    const again = openLog(path, () => kept);
    expect(await new Response(await again.stream(again.start, again.size)).text()).toBe(
      CONTENT.slice(300_000),
    );
  });

  test("lets go of its file when it ends, when it is cancelled, and when it is closed twice", async () => {
    writeFileSync(path, CONTENT);
    const before = openFiles();
    await read(0, CONTENT.length);
    const cancelled = openLog(path);
    const reader = (await cancelled.stream(0, CONTENT.length))?.getReader();
    await reader?.read();
    await reader?.cancel();
    cancelled.close();
    const closed = openLog(path);
    closed.close();
    closed.close();
    expect(openFiles()).toBe(before);
  });

  /** Descriptors of this process that lead to the log. */
  function openFiles(): number {
    return readdirSync("/proc/self/fd").filter((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`) === path;
      } catch {
        return false;
      }
    }).length;
  }
});
