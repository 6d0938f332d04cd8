import type { Health } from "@/lib/domain/health";
import type { RunCause, RunState, RunTrigger } from "@/lib/domain/run";

export const STATE_LABEL = {
  queued: "Waiting",
  starting: "Starting",
  running: "Running",
  stopping: "Stopping",
  completed: "Completed",
  failed: "Failed",
  stopped: "Stopped",
  timed_out: "Timed out",
  interrupted: "Interrupted",
  cleaned: "Timeout – Auto-cleaned",
} as const satisfies Record<RunState, string>;

export const HEALTH_LABEL = {
  healthy: "Healthy",
  late: "Late",
  silent: "Silent",
  orphaned: "Orphaned",
  overdue: "Overdue",
  stuck: "Stuck",
} as const satisfies Record<Health, string>;

/** What a health means, for people who meet the word for the first time. */
export const HEALTH_MEANING = {
  healthy: "Healthy: no problem seen.",
  late: "Its last sign of life is longer ago than usual for this job.",
  silent: "No sign of life for longer than this job's silence timeout.",
  orphaned: "Its process is gone; Unstuck is finding out how it ended.",
  overdue: "It has been starting or stopping for longer than is allowed.",
  stuck: "Hung: alive, old, and without a sign of life for too long.",
} as const satisfies Record<Health, string>;

export const CAUSE_LABEL = {
  stop: "Stopped by a person",
  restart: "It was stopped for a restart",
  reset: "It was reset",
  start_timeout: "It took too long to start",
  silence: "It was silent for too long",
  max_duration: "It reached its maximum duration",
  shutdown: "Unstuck was asked to stop its runs when it shut down",
  never_started: "Its process never came to be",
  host_rebooted: "The machine was restarted",
  container_gone: "The container it ran in is gone",
  launcher_killed: "The process that watches over it was killed",
  exit_unknown: "It is gone and its exit code is not known",
  other_folder: "It continues under the data folder this one was copied from",
  exit: "It exited on its own",
  crashed: "It crashed",
  out_of_memory: "It used more memory than it may",
  killed_outside: "Something outside Unstuck ended it",
  launch_failed: "It could not be launched",
  cleanup: "It was judged dead and cleaned up",
  imported: "Its record was taken over from another system",
} as const satisfies Record<RunCause, string>;

export const TRIGGER_LABEL = {
  manual: "By hand",
  api: "Through the API",
  schedule: "By its schedule",
  resume: "Resumed",
  restart: "Restarted",
  exec: "From the command line",
  recovery: "By recovery",
  adopt: "Adopted",
  import: "Imported",
} as const satisfies Record<RunTrigger, string>;
