import type { ProgressReport } from "@/lib/domain/progress";
import { kindOf } from "@/lib/kinds/kinds";
import type { Watched } from "../watched";
import { MAX_LINE_BYTES } from "./line-scanner";
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
  const report = progressLine.read(lines.toString("utf8", at, end));
  if (report !== null) reportedByKind(watched, report);
}

/** Takes in what the kind's own files say. Never throws. */
export function takeProgressFiles(watched: Watched): void {
  const report = readSafely(watched);
  if (report !== null) reportedByKind(watched, report);
}

function readSafely({ run }: Watched): ProgressReport | null {
  if (run.spec.byHand !== null) return null;
  try {
    return kindOf(run.spec.kind).readProgress(run.spec);
  } catch {
    // Not ours to read, or out of descriptors: the next look may tell.
    return null;
  }
}
