/** What a reset came to. `stopping`: what was alive is being ended; the job can be started when that is done. */
export const RESET_OUTCOMES = ["nothing", "recovered", "cancelled", "stopping"] as const;
export type ResetOutcome = (typeof RESET_OUTCOMES)[number];

/** What became of the pid file. `kept`: it names a process, or is nothing we may touch. */
export const RESET_PID_FILES = ["none", "removed", "kept"] as const;
export type ResetPidFile = (typeof RESET_PID_FILES)[number];
