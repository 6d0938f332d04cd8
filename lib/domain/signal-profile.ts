/** Signals that may ask a program to end. Not SIGKILL, SIGSTOP and SIGCONT: those are ours, and no program can answer them. */
export const STOP_SIGNALS = [
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGWINCH",
] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** Who gets them: the program behind its wrappers, the process group it is in, or every process of the run. */
export const SIGNAL_TARGETS = ["program", "group", "tree"] as const;
export type SignalTarget = (typeof SIGNAL_TARGETS)[number];

/** @param waitMs how long until the next step, or until the kill after the last one */
export type SignalStep = { readonly signal: StopSignal; readonly waitMs: number };

/** How a run is asked to end. The sum of the waits is its stop grace; after it comes SIGKILL for whatever is left. */
export type SignalProfile = { readonly to: SignalTarget; readonly sequence: readonly SignalStep[] };

export const MOST_SIGNAL_STEPS = 8;
