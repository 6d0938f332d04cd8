import type { StartBody } from "@/lib/contracts/actions";
import type { RunView } from "@/lib/contracts/run";

type Left = Pick<RunView, "oldFolder">;

/** How this run is resumed: where its checkpoint is in no other folder than the one it worked in, there. */
export function resumeBody({ oldFolder }: Left): Pick<StartBody, "mode" | "folder"> {
  return oldFolder === null ? { mode: "resume" } : { mode: "resume", folder: "old" };
}

export function resumeWord({ oldFolder }: Left): string {
  return oldFolder === null ? "Resume" : "Resume in the old folder";
}
