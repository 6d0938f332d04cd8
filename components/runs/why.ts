import type { RunView } from "@/lib/contracts/run";
import { RHYTHM } from "@/lib/domain/health";
import { CAUSE_LABEL, HEALTH_MEANING } from "./state-words";

/** One sentence on why the run is in its state. */
export function whyOf(run: RunView): string {
  if (run.state === "queued") return `It waits for ${run.waitingFor ?? "its turn to start"}.`;
  const cause = run.cause === null ? null : `${CAUSE_LABEL[run.cause]}.`;
  if (run.state === "running") return howItDoes(run);
  if (run.state === "starting") return "Its process is being started.";
  if (run.state === "stopping") return joined(run.reason ?? cause, "Its processes have been told to end.");
  return run.reason ?? cause ?? "No reason was recorded.";
}

/** A late run says how late: what it usually does, and for how long it has not. */
function howItDoes(run: RunView): string {
  const rhythm = run.evidence.find(({ fact }) => fact === RHYTHM);
  return run.health === "late" && rhythm !== undefined
    ? `It ${rhythm.value}.`
    : HEALTH_MEANING[run.health ?? "healthy"];
}

function joined(...sentences: (string | null)[]): string {
  return sentences.filter((sentence) => sentence !== null && sentence !== "").join(" ");
}
