import { describe, expect, test } from "vitest";
import { Refused } from "../api.mjs";
import { run } from "./log.mjs";

function aLog() {
  const log = {
    text: "" as string | null,
    dropped: 0,
    becomes: (text: string | null) => () => {
      log.text = text;
    },
    grows: (text: string) => () => {
      log.text += text;
    },
  };
  return log;
}

/** A log in memory behind a dashboard that answers as ours does; each step changes it before the next look. */
async function followed(first: string, steps: readonly (() => void)[], log: ReturnType<typeof aLog>) {
  log.text = first;
  const pending = [...steps];
  let printed = "";
  const notes: string[] = [];
  const dashboard = {
    async ask(_method: string, path: string) {
      if (log.text === null) throw refused("LOG_NOT_FOUND", 404);
      const bytes = Buffer.from(log.text);
      const { dropped } = log;
      const after = Number(new URL(path, "http://localhost").searchParams.get("after") ?? 0);
      if (after > bytes.length) throw refused("RANGE_NOT_SATISFIABLE", 416);
      const from = Math.max(after, dropped);
      const headers = { "x-log-offset": String(from), "x-log-dropped": String(dropped) };
      return { status: 200, headers, bytes: bytes.subarray(from) };
    },
    async call() {
      const step = pending.shift();
      step?.();
      return { state: step === undefined ? "completed" : "running", reason: "Exited with code 0." };
    },
  };
  const screen = {
    isJson: false,
    out: {
      write(text: Buffer) {
        printed += text.toString();
        return true;
      },
    },
    note: (text: string) => notes.push(text),
  };
  const options = { follow: true, lines: Number.POSITIVE_INFINITY };
  // biome-ignore lint/suspicious/noExplicitAny: the part of a context that following a log needs
  await run({ dashboard, screen } as any, { args: [`run_${"0".repeat(20)}`], options } as any);
  return { printed, notes };
}

function refused(code: string, status: number): Refused {
  return new Refused({
    type: "about:blank",
    title: code,
    status,
    code,
    detail: code,
    details: {},
    requestId: "1",
  } as never);
}

const NEW = expect.stringContaining("emptied, replaced or overwritten");

describe.concurrent("log -f goes on", () => {
  test.each([
    ["shorter", "new\n"],
    ["of the same length", "anew: 1\nanew: 2\n"],
    ["longer by now", "something else altogether\n"],
  ])("FR-F1 with a log that was emptied, says so, and shows what it holds now: %s", async (_, now) => {
    const log = aLog();
    const { printed, notes } = await followed(
      "page: 1\npage: 2\n",
      [log.becomes(now), log.grows("more\n")],
      log,
    );
    expect(printed).toBe(`page: 1\npage: 2\n${now}more\n`);
    expect(notes).toEqual([NEW, expect.any(String)]);
  });

  test("FR-A17 when the log is taken away, with what is put in its place", async () => {
    const log = aLog();
    const { printed, notes } = await followed("a\n", [log.becomes(null), log.becomes("b\n")], log);
    expect(printed).toBe("a\nb\n");
    expect(notes).toEqual([NEW, expect.any(String)]);
  });

  test("FR-A17 over the cap, and says how much it could not read", async () => {
    const log = aLog();
    const step = () => {
      log.grows("bbbb\ncccc\n")();
      log.dropped = 10;
    };
    const { printed, notes } = await followed("aaaa\n", [step], log);
    expect(printed).toBe("aaaa\ncccc\n");
    expect(notes).toEqual(["… 5 bytes were dropped before they could be read …", expect.any(String)]);
  });
});
