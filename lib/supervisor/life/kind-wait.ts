import type { Files } from "@/lib/domain/files";
import { launchedSpec } from "@/lib/domain/state-place";
import type { KindWait } from "@/lib/kinds/kind";
import { kindOf } from "@/lib/kinds/kinds";
import { perRun } from "../files/per-run";
import type { Watched } from "../watch/watched";
import { countSilenceAnew } from "./life";

/** A kind's wait is one of minutes. What says otherwise is not believed: it would switch silence off for good. */
const LONGEST_MS = 15 * 60_000;

/** What its kind says it waits for by itself, as of the last look. */
const waitsOf = perRun((_: Watched): { wait: KindWait | null } => ({ wait: null }));

/**
 * Finds out what a run that goes on from another waits for by itself. While it waits its silence is not its
 * own, so that is counted from zero when the wait is over. Never throws. @param now epoch milliseconds
 */
export async function takeWait(files: Files, watched: Watched, now: number): Promise<void> {
  const known = waitsOf(watched);
  const before = known.wait;
  const wait = await readSafely(files, watched, now);
  known.wait = wait !== null && wait.until - now <= LONGEST_MS ? wait : null;
  if (before !== null && known.wait === null) countSilenceAnew(watched);
}

/** @param now epoch milliseconds */
export function waitOf(watched: Watched, now: number): KindWait | null {
  const { wait } = waitsOf(watched);
  return wait !== null && now < wait.until ? wait : null;
}

async function readSafely(files: Files, { run }: Watched, now: number): Promise<KindWait | null> {
  if (run.parentRunId === null || run.startedAt === null || run.spec.byHand !== null) return null;
  try {
    return await kindOf(run.spec.kind).readWait(files, launchedSpec(run), run.startedAt, now);
  } catch {
    // It does not answer, or is not ours to read: then nothing is known of a wait.
    return null;
  }
}
