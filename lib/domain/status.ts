import type { Run, RunState } from "./run";

/** A job's status in the words older clients expect; derived from its newest run, never stored. */
export const JOB_STATES = ["IDLE", "RUNNING", "COMPLETED", "FAILED", "TIMEOUT"] as const;
export type JobState = (typeof JOB_STATES)[number];

const OF_RUN = {
  queued: "RUNNING",
  starting: "RUNNING",
  running: "RUNNING",
  stopping: "RUNNING",
  completed: "COMPLETED",
  failed: "FAILED",
  // Ended on purpose: nothing failed, and it may start again at once.
  stopped: "IDLE",
  timed_out: "TIMEOUT",
  interrupted: "FAILED",
  cleaned: "TIMEOUT",
} as const satisfies Record<RunState, JobState>;

export function jobState(newest: Run | null): JobState {
  return newest === null ? "IDLE" : OF_RUN[newest.state];
}
