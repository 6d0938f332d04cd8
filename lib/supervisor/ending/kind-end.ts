import { launchedSpec } from "@/lib/domain/state-place";
import type { KindEnd } from "@/lib/kinds/kind";
import { kindOf } from "@/lib/kinds/kinds";
import { reportedByKind } from "../life/signs";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";

const SAYS_NOTHING: KindEnd = { outcome: null, reason: null, report: null };

/** What the run's kind reads in its log and its files once it is over; the figures go into its progress. Never throws. @param tail of its log */
export async function readKindEnd(ports: SupervisorPorts, watched: Watched, tail: string): Promise<KindEnd> {
  const { run } = watched;
  // A terminal's own program: its output is not in the log, and it need not be what the job runs.
  if (run.spec.byHand !== null || run.spec.kind === "command") return SAYS_NOTHING;
  try {
    const end = await kindOf(run.spec.kind).readEnd(ports.files.as(run.spec.runAs), launchedSpec(run), tail);
    if (end.report !== null) reportedByKind(watched, end.report);
    return end;
  } catch (error) {
    ports.log.warn({ runId: run.id, error: String(error) }, "run.end_unread");
    return SAYS_NOTHING;
  }
}
