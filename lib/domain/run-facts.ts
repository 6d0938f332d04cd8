import { duration, type Fact } from "./health";
import { lockLabel } from "./lock";
import { isActive, type Run } from "./run";

export type HeldFence = { readonly name: string; readonly fence: number };

/**
 * What else the verdicts of a run rest on, beside its signs of life and its checkpoint: which process it is, which locks it holds, and
 * the thresholds that were applied.
 */
export function runFacts(run: Run, locks: readonly HeldFence[], thresholdMs: number): Fact[] {
  return [
    identityFact(run),
    lockFact(run, locks),
    ...(isActive(run.state) ? [thresholdFact(thresholdMs)] : []),
  ];
}

/** The number alone proves nothing: start ticks tell the process from a later owner of it. */
function identityFact({ process, launcher, state, startedAt }: Run): Fact {
  const known = process ?? launcher;
  if (known === null) {
    const value = state === "queued" ? "none yet" : "none was ever recorded";
    return { fact: "process identity", value, at: null };
  }
  const role = process === null ? "launcher" : "program";
  const value = `${role}, pid ${known.pid}, started at tick ${known.startTicks}`;
  return { fact: "process identity", value, at: startedAt };
}

function lockFact(run: Run, locks: readonly HeldFence[]): Fact {
  const held = locks.map(({ name, fence }) => `${lockLabel(name)} (fence ${fence})`).join(", ");
  const none = isActive(run.state) ? "none" : "none: they were released when it ended";
  return { fact: "locks held", value: held || none, at: null };
}

function thresholdFact(thresholdMs: number): Fact {
  return { fact: "counts as stuck after", value: duration(thresholdMs), at: null };
}
