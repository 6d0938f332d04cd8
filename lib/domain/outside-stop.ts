import type { JobId, RunId } from "./ids";
import type { HostInstance, ProcessIdentity } from "./run";
import type { SignalProfile } from "./signal-profile";
import type { AskedSoFar } from "./signals-sent";

/** Which processes a stop is about, when no run here owns them. */
export type StopTarget =
  /** A process behind a job's pid file, with everything that descends from it. */
  | { readonly kind: "foreign"; readonly pidFile: string; readonly runAs?: string | null }
  /** Everything that carries this marker. */
  | { readonly kind: "stray"; readonly marker: string };

/** A stop of such processes as it was asked for. It is on record until it is over, whatever becomes of the dashboard meanwhile. */
export type OutsideStop = {
  readonly id: number;
  readonly target: StopTarget;
  /** The process it is named by. */
  readonly identity: ProcessIdentity;
  /** Where the identity means something. */
  readonly hostInstance: HostInstance;
  readonly profile: SignalProfile;
  /** To its program a second signal means "at once". */
  readonly once: boolean;
  readonly graceMs: number;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /** How far the asking has come, and who was there at the last signal; null: none was sent yet. */
  readonly signalled: (AskedSoFar & { readonly met: readonly ProcessIdentity[] }) | null;
  readonly actor: string;
  readonly jobId: JobId | null;
  readonly runId: RunId | null;
};

export type NewOutsideStop = Pick<
  OutsideStop,
  "target" | "identity" | "profile" | "once" | "graceMs" | "actor" | "jobId" | "runId"
>;

/** How such a stop came to its end. */
export const STOP_OUTCOMES = ["ended", "killed", "gone", "refused"] as const;
export type StopOutcome = (typeof STOP_OUTCOMES)[number];

export const STOP_OUTCOME_WORDS = {
  ended: "It ended by itself after the first signal.",
  killed: "It was killed when its grace was over.",
  gone: "It was gone before any signal was sent.",
  refused: "Nothing was signalled.",
} as const satisfies Record<StopOutcome, string>;

/**
 * What is left of the grace, in milliseconds. The wall clock may have been set since: it can shorten the wait to nothing, and never
 * draw it out beyond the grace.
 * @param now epoch milliseconds
 */
export function graceLeft(
  { requestedAt, graceMs }: Pick<OutsideStop, "requestedAt" | "graceMs">,
  now: number,
) {
  return Math.max(0, Math.min(graceMs, requestedAt + graceMs - now));
}
