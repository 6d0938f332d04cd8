import { closeSync, fstatSync, readSync } from "node:fs";
import type { KindEnd } from "@/lib/kinds/kind";
import { kindOf } from "@/lib/kinds/kinds";
import { reportedByKind } from "./life/signs";
import { openLogForReading } from "./log-file";
import type { SupervisorPorts } from "./ports";
import type { Watched } from "./watched";

const TAIL_BYTES = 256 * 1024;
const SAYS_NOTHING: KindEnd = { outcome: null, reason: null, report: null };

/** What the run's kind reads in its log and its files once it is over; the figures go into its progress. Never throws. */
export async function readKindEnd(ports: SupervisorPorts, watched: Watched): Promise<KindEnd> {
  const { run } = watched;
  // A terminal's own program: its output is not in the log, and it need not be what the job runs.
  if (run.spec.byHand !== null || run.spec.kind === "command") return SAYS_NOTHING;
  try {
    const end = await kindOf(run.spec.kind).readEnd(ports.files, run.spec, readTail(ports.logFile(run)));
    if (end.report !== null) reportedByKind(watched, end.report);
    return end;
  } catch (error) {
    ports.log.warn({ runId: run.id, error: String(error) }, "run.end_unread");
    return SAYS_NOTHING;
  }
}

function readTail(path: string): string {
  let file: number;
  try {
    file = openLogForReading(path);
  } catch {
    // No log, or one that is refused: the kind's files have to do.
    return "";
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8", 0, read);
  } finally {
    closeSync(file);
  }
}
