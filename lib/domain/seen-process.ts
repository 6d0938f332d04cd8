import type { ProcessIdentity } from "./run";
import type { StopSignal } from "./signal-profile";

/** A process of a run as one look has found it. */
export type SeenProcess = ProcessIdentity & {
  readonly parent: number;
  readonly group: number;
  readonly argv: readonly string[];
  /** Numbers of the signals it has a handler for, and of those it ignores; empty where that cannot be seen. */
  readonly catches: ReadonlySet<number>;
  readonly ignores: ReadonlySet<number>;
  /** What its standard input and output lead to, such as `pipe:[81]` or `/dev/null`; null where that cannot be seen. */
  readonly input: string | null;
  readonly output: string | null;
};

/** Numbers on Linux, where alone they are looked at. */
export const SIGNAL_NUMBER = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGTERM: 15,
  SIGWINCH: 28,
} as const satisfies Record<StopSignal, number>;
