import { AppError } from "@/lib/domain/errors";
import type { Job, JobKind } from "@/lib/domain/job";
import type { SignalProfile } from "@/lib/domain/signal-profile";
import { afterKindChange, graceOf, profileProblem, usualSignals, withGrace } from "@/lib/domain/signals";

/** null: what is usual for the kind. */
export type GivenSignals =
  | {
      readonly to?: SignalProfile["to"] | undefined;
      readonly sequence?: SignalProfile["sequence"] | undefined;
    }
  | null
  | undefined;

type Input = {
  readonly kind?: JobKind | undefined;
  readonly signals?: GivenSignals;
  readonly timeouts?: { readonly stopGraceMs?: number | undefined } | undefined;
};

/** @throws AppError SIGNALS_CONFLICT */
export function newSignals(kind: JobKind, input: Input): SignalProfile {
  return checked(kind, told(usualSignals(kind), input));
}

/**
 * What was said changed and the rest as it was. A job whose kind changes is asked by the new kind's signal, unless another was chosen.
 * @throws AppError SIGNALS_CONFLICT
 */
export function changedSignals(job: Pick<Job, "kind" | "signals">, input: Input): SignalProfile {
  const kind = input.kind ?? job.kind;
  const before = kind === job.kind ? job.signals : afterKindChange(job.signals, job.kind, kind);
  return checked(kind, told(input.signals === null ? usualSignals(kind) : before, input));
}

/** A stop grace alone is taken for the sum of the waits, as clients have it that know of no sequence. */
function told(before: SignalProfile, { signals, timeouts }: Input): SignalProfile {
  const profile = { to: signals?.to ?? before.to, sequence: signals?.sequence ?? before.sequence };
  const graceMs = timeouts?.stopGraceMs;
  if (graceMs === undefined) return profile;
  if (signals?.sequence !== undefined && graceOf(profile) !== graceMs)
    throw conflict(graceOf(profile), graceMs);
  return { ...profile, sequence: withGrace(profile.sequence, graceMs) };
}

function checked(kind: JobKind, profile: SignalProfile): SignalProfile {
  const problem = profileProblem(kind, profile);
  if (problem === null) return profile;
  throw new AppError("SIGNALS_CONFLICT", `signals.sequence: ${problem}.`, { kind });
}

function conflict(sumMs: number, graceMs: number): AppError {
  const message = `The waits of signals.sequence are ${sumMs} ms in all, and timeouts.stopGraceMs says ${graceMs} ms. They are the same thing: send one of them, or the same sum.`;
  return new AppError("SIGNALS_CONFLICT", message, { sumMs, stopGraceMs: graceMs });
}
