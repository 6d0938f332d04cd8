import type { RunView } from "@/lib/contracts/run";
import { isActive } from "@/lib/domain/run";
import type { RecoveryVerdict } from "@/lib/domain/verdict";

/** Of a run in a plan, where only its verdict is kept. */
export const VERDICT_LABEL = {
  resumable: "Its work is kept",
  dead: "Cannot be resumed",
  complete: "Its work is finished",
  unknown: "Not known whether it can be resumed",
} as const satisfies Record<RecoveryVerdict, string>;

export type ResumeWords = { readonly label: string; readonly means: string };

/** Whether and from what it can be resumed; null where there is nothing to say, or it was not checked. */
export function resumeWords(run: RunView): ResumeWords | null {
  const { verdict, verdictSentence, resumeFrom } = run;
  const means = verdictSentence ?? "";
  if (run.state === "completed") return { label: "Finished: nothing to resume", means: "" };
  if (run.superseded) return { label: "Superseded", means: means.replace(/^Superseded: a/, "A") };
  if (isActive(run.state) && run.health !== "orphaned") return whileAlive(resumeFrom, means);
  if (verdict === null) return null;
  if (run.state === "cleaned") return { label: "Not while it is cleaned up", means };
  if (verdict !== "resumable") return { label: VERDICT_LABEL[verdict], means };
  return resumeFrom === null ? { label: "Start again", means } : { label: `Yes, from ${resumeFrom}`, means };
}

function whileAlive(resumeFrom: string | null, means: string): ResumeWords | null {
  if (resumeFrom !== null) return { label: `If it stopped now: from ${resumeFrom}`, means: "" };
  return means === "" ? null : { label: "Nothing yet", means };
}
