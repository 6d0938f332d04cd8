import { duration } from "./health";
import type { Run, StopCause } from "./run";

/** How long things have lasted, measured on a clock that no clock change and no sleep of the host can move. */
export type Elapsed = {
  /** Since the program started. */
  readonly ranMs: number;
  /** Since the last sign of life; null: it never gave one. */
  readonly quietMs: number | null;
};

export type OverLimit = { readonly cause: StopCause; readonly reason: string };

/** Why a run whose launcher has not become its program in time is ended. */
export function lateStart({ spec }: Run): string {
  return `Its program had not started after ${duration(spec.timeouts.startMs)}, all the time the job allows for its start.`;
}

/**
 * Which of its limits a running run is over, null when none. A run that never gave a sign of life is not stopped for being
 * silent: quiet programs are normal, and it is flagged instead.
 */
export function overLimit(run: Run, elapsed: Elapsed): OverLimit | null {
  if (run.state !== "running") return null;
  const { maxDurationMs, silenceMs } = run.spec.timeouts;
  if (maxDurationMs !== null && elapsed.ranMs > maxDurationMs) {
    const reason = `It ran for ${duration(elapsed.ranMs)}; the job allows ${duration(maxDurationMs)}.`;
    return { cause: "max_duration", reason };
  }
  if (run.spec.onSilence === "stop" && elapsed.quietMs !== null && elapsed.quietMs > silenceMs) {
    const reason = `No sign of life for ${duration(elapsed.quietMs)}; the job allows ${duration(silenceMs)}.`;
    return { cause: "silence", reason };
  }
  return null;
}
