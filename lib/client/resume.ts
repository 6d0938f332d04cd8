import type { StartBody } from "@/lib/contracts/actions";
import type { RunView } from "@/lib/contracts/run";

type Left = Pick<RunView, "oldFolder">;

/** The start that resumes this run: in the folder it worked in, if its checkpoint is only there. */
export function resumeBody({ oldFolder }: Left): Pick<StartBody, "mode" | "folder"> {
  return oldFolder === null ? { mode: "resume" } : { mode: "resume", folder: "old" };
}

export function resumeWord({ oldFolder }: Left): string {
  return oldFolder === null ? "Resume" : "Resume in the old folder";
}
