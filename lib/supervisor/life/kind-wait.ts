import { launchedSpec } from "@/lib/domain/state-place";
import type { KindWait } from "@/lib/kinds/kind";
import { kindOf } from "@/lib/kinds/kinds";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";

/** A kind's wait is one of minutes. What says otherwise is not believed: it would switch silence off for good. */
const LONGEST_MS = 15 * 60_000;

/**
 * Finds out what a run that goes on from another waits for by itself. While it waits its silence is not its own, so that is counted anew when
 * the wait is over. Never throws.
 */
export async function takeWait(
  { files, now }: Pick<SupervisorPorts, "files" | "now">,
  watched: Watched,
): Promise<void> {
  const before = watched.waits;
  const wait = await readSafely(files, watched, now());
  watched.waits = wait !== null && wait.until - now() <= LONGEST_MS ? wait : null;
  if (before !== null && watched.waits === null && watched.monotonic.spokeAt !== null)
    watched.monotonic.spokeAt = performance.now();
}

/** @param now epoch milliseconds */
export function waitOf({ waits }: Pick<Watched, "waits">, now: number): KindWait | null {
  return waits !== null && now < waits.until ? waits : null;
}

async function readSafely(
  files: SupervisorPorts["files"],
  { run }: Watched,
  now: number,
): Promise<KindWait | null> {
  if (run.parentRunId === null || run.startedAt === null || run.spec.byHand !== null) return null;
  try {
    return await kindOf(run.spec.kind).readWait(files, launchedSpec(run), run.startedAt, now);
  } catch {
    // It does not answer, or is not ours to read: then nothing is known of a wait.
    return null;
  }
}
