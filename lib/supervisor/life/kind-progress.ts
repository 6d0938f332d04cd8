import type { Files } from "@/lib/domain/files";
import type { ProgressReport } from "@/lib/domain/progress";
import { launchedSpec } from "@/lib/domain/state-place";
import { kindOf } from "@/lib/kinds/kinds";
import { MAX_LINE_BYTES } from "../traces/line-scanner";
import type { Watched } from "../watch/watched";
import { reportedByKind } from "./signs";

const NEWLINE = 10;

/** Takes in the newest line of those in which the run's kind tells its progress. @param lines whole ones */
export function takeProgressLine(watched: Watched, lines: Buffer): void {
  const { progressLine } = kindOf(watched.run.spec.kind);
  if (progressLine === null) return;
  const at = lines.lastIndexOf(progressLine.mark);
  if (at === -1) return;
  const newline = lines.indexOf(NEWLINE, at);
  const end = Math.min(newline === -1 ? lines.length : newline, at + MAX_LINE_BYTES);
  const from = Math.max(lines.lastIndexOf(NEWLINE, at) + 1, at - MAX_LINE_BYTES);
  const report = progressLine.read(lines.toString("utf8", from, end));
  if (report !== null) reportedByKind(watched, report);
}

/** Takes in what the kind's own files say. Never throws. */
export async function takeProgressFiles(files: Files, watched: Watched): Promise<void> {
  const report = await readSafely(files, watched);
  if (report !== null) reportedByKind(watched, report);
}

async function readSafely(files: Files, { run }: Watched): Promise<ProgressReport | null> {
  if (run.spec.byHand !== null) return null;
  try {
    return await kindOf(run.spec.kind).readProgress(files, launchedSpec(run));
  } catch {
    // Not ours to read, or it does not answer: the next look may tell.
    return null;
  }
}
