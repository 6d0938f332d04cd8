import type { RunCause } from "./run";

/** How a process ended: a code, or the signal that ended it; both null when that cannot be known. */
export type Exit = { readonly code: number | null; readonly signal: string | null };

/** What a kind read in the run's own files and log about its work; null: the kind cannot tell. */
export const KIND_OUTCOMES = ["finished", "unfinished", "interrupted"] as const;
export type KindOutcome = (typeof KIND_OUTCOMES)[number];

/** Signals a person, a supervisor or the kernel sends from outside; any other fatal signal is the program's own fault. */
const SENT_FROM_OUTSIDE = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Linux numbers. The launcher is a shell and can only report 128 + number. */
const SIGNAL_NUMBERS: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  31: "SIGSYS",
};

/**
 * Reads a shell's exit status (0–255). A status above 128 that names a known signal is taken for that signal: a program
 * that itself exits with such a number looks the same to every shell, so reasons name both.
 */
export function exitFromStatus(status: number): Exit {
  const signal = SIGNAL_NUMBERS[status - 128];
  return signal === undefined ? { code: status, signal: null } : { code: null, signal };
}

/**
 * Reads an exit code as another system wrote it down: Python's are negative where a signal ended the program.
 * @returns both null for a number that no process of this kind of system ends with
 */
export function exitFromReturnCode(code: number): Exit {
  const signal = SIGNAL_NUMBERS[-code];
  if (signal !== undefined) return { code: null, signal };
  return { code: code >= 0 && code <= 255 ? code : null, signal: null };
}

export type UnaskedOutcome = {
  readonly state: "completed" | "failed" | "interrupted";
  readonly cause: RunCause;
  readonly reason: string;
};

/**
 * What an exit means when it was not asked for.
 * @param evidence what the kind rests its outcome on, in sentences
 */
export function judgeExit(exit: Exit, outcome: KindOutcome | null, evidence?: string): UnaskedOutcome {
  const because = evidence === undefined ? "" : ` ${evidence}`;
  if (exit.signal !== null) {
    const judged = judgeSignal(exit.signal);
    // Of an end from outside the program's own records say nothing.
    return judged.cause === "crashed" ? { ...judged, reason: `${judged.reason}${because}` } : judged;
  }
  if (exit.code === null) {
    return {
      state: "interrupted",
      cause: "exit_unknown",
      reason: "The process is gone and its exit code is not known.",
    };
  }
  if (exit.code !== 0)
    return { state: "failed", cause: "exit", reason: `Exited with code ${exit.code}.${because}` };
  const judged = judgeCleanExit(outcome);
  return { ...judged, reason: `${judged.reason}${because}` };
}

function judgeSignal(signal: string): UnaskedOutcome {
  const itself = orExited(signal);
  if ((SENT_FROM_OUTSIDE as readonly string[]).includes(signal)) {
    const reason = `Ended by ${signal} from outside (another person or program, or the kernel short of memory)${itself}.`;
    return { state: "interrupted", cause: "killed_outside", reason };
  }
  return { state: "failed", cause: "crashed", reason: `Crashed with ${signal}${itself}.` };
}

/** The launcher is told a number; which of the two it stands for cannot be told. */
function orExited(signal: string): string {
  const number = Object.keys(SIGNAL_NUMBERS).find((one) => SIGNAL_NUMBERS[Number(one)] === signal);
  return number === undefined ? "" : `, or exited with code ${128 + Number(number)} itself`;
}

function judgeCleanExit(outcome: KindOutcome | null): UnaskedOutcome {
  if (outcome === "unfinished") {
    return {
      state: "failed",
      cause: "exit",
      reason: "Exited with code 0, but its own records say the work is not finished.",
    };
  }
  if (outcome === "interrupted") {
    const reason = "Exited with code 0 after a shutdown that Unstuck did not ask for.";
    return { state: "interrupted", cause: "killed_outside", reason };
  }
  return { state: "completed", cause: "exit", reason: "Exited with code 0." };
}
