import { describe, expect, test } from "vitest";
import { type Exit, exitFromStatus, judgeExit, KIND_OUTCOMES } from "./exit";

describe("exitFromStatus reads all 256 statuses a shell can report", () => {
  const SIGNALS: Readonly<Record<number, string>> = {
    129: "SIGHUP",
    130: "SIGINT",
    131: "SIGQUIT",
    132: "SIGILL",
    133: "SIGTRAP",
    134: "SIGABRT",
    135: "SIGBUS",
    136: "SIGFPE",
    137: "SIGKILL",
    138: "SIGUSR1",
    139: "SIGSEGV",
    140: "SIGUSR2",
    141: "SIGPIPE",
    142: "SIGALRM",
    143: "SIGTERM",
    152: "SIGXCPU",
    153: "SIGXFSZ",
    159: "SIGSYS",
  };
  for (let status = 0; status <= 255; status += 1) {
    const signal = SIGNALS[status];
    const told = signal === undefined ? `code ${status}` : signal;
    test(`${status} is ${told}`, () => {
      const expected: Exit = signal === undefined ? { code: status, signal: null } : { code: null, signal };
      expect(exitFromStatus(status)).toEqual(expected);
    });
  }
});

describe("A2 judgeExit, when nobody in charge asked for the end", () => {
  const FROM_OUTSIDE = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"];
  const OWN_FAULT = ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS", "SIGPIPE", "SIGXCPU"];

  for (const signal of FROM_OUTSIDE) {
    test(`${signal} was sent from outside: interrupted`, () => {
      expect(judgeExit({ code: null, signal }, null)).toMatchObject({
        state: "interrupted",
        cause: "killed_outside",
        reason: expect.stringContaining(signal),
      });
    });
  }

  for (const signal of OWN_FAULT) {
    test(`${signal} is the program's own fault: failed`, () => {
      expect(judgeExit({ code: null, signal }, null)).toEqual({
        state: "failed",
        cause: "crashed",
        reason: expect.stringMatching(
          new RegExp(`^Crashed with ${signal}, or exited with code 1[2-5][0-9] itself.$`),
        ),
      });
    });
  }

  test("CR-6.13 a status above 128 is told with both readings", () => {
    const reason = (status: number) => judgeExit(exitFromStatus(status), null).reason;
    expect(reason(137)).toBe(
      "Ended by SIGKILL from outside (another person or program, or the kernel short of memory), or exited with code 137 itself.",
    );
    expect(reason(143)).toContain("Ended by SIGTERM from outside");
    expect(reason(130)).toContain("or exited with code 130 itself.");
    expect(reason(139)).toBe("Crashed with SIGSEGV, or exited with code 139 itself.");
    // No signal has this number.
    expect(reason(200)).toBe("Exited with code 200.");
  });

  test("no code and no signal is unknown, never success", () => {
    for (const outcome of [null, ...KIND_OUTCOMES]) {
      expect(judgeExit({ code: null, signal: null }, outcome)).toMatchObject({
        state: "interrupted",
        cause: "exit_unknown",
      });
    }
  });

  test("only code 0 can be completed, whatever the kind says", () => {
    for (let code = 1; code <= 255; code += 1) {
      for (const outcome of [null, ...KIND_OUTCOMES]) {
        expect(judgeExit({ code, signal: null }, outcome)).toEqual({
          state: "failed",
          cause: "exit",
          reason: `Exited with code ${code}.`,
        });
      }
    }
  });

  test("code 0 is completed unless the kind knows better", () => {
    const states = [null, ...KIND_OUTCOMES].map(
      (outcome) => judgeExit({ code: 0, signal: null }, outcome).state,
    );
    expect(states).toEqual(["completed", "completed", "failed", "interrupted"]);
  });

  test("what the kind's outcome rests on stands behind it", () => {
    const reason = (code: number, outcome: Parameters<typeof judgeExit>[1]) =>
      judgeExit({ code, signal: null }, outcome, "Scrapy says so.").reason;
    for (const outcome of [null, ...KIND_OUTCOMES])
      expect(reason(0, outcome)).toMatch(/code 0.*\. Scrapy says so\.$/);
    expect(reason(1, "unfinished")).toBe("Exited with code 1. Scrapy says so.");
  });
});
