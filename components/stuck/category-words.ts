import type { StuckCategory } from "@/lib/domain/stuck";

/** What each section of the list is, and what its buttons will do, for people who are in a hurry. */
export const CATEGORY = {
  resumable: {
    title: "Work is kept",
    count: "Resumable",
    means:
      "Resume starts a new run from the checkpoint. Without one, Start again starts from the beginning unless the program keeps its own place. Nothing is deleted.",
    tone: "text-ok",
  },
  dead: {
    title: "Cannot be resumed",
    count: "Dead",
    means:
      "Ended, with no checkpoint with data and no progress. Clean up marks them “Timeout – Auto-cleaned” after a preview, and can be undone.",
    tone: "text-bad",
  },
  unknown: {
    title: "Not known",
    count: "Unknown",
    means:
      "What they left cannot be read for certain. Look at the evidence; Start over keeps everything aside and starts from the beginning.",
    tone: "text-warn",
  },
  complete: {
    title: "Work finished",
    count: "Finished",
    means: "They were interrupted, but what they left says that the work is done. Only the record is open.",
    tone: "text-idle",
  },
  hung: {
    title: "Hung: alive, without a sign of life",
    count: "Hung",
    means:
      "Their processes are alive, and they are old and silent or take too long to start or stop. Only Stop touches a process; a clean-up never does.",
    tone: "text-bad",
  },
  orphaned: {
    title: "Their process is gone",
    count: "Orphaned",
    means: "They still count as active. Unstuck is finding out how they ended, within seconds.",
    tone: "text-bad",
  },
  waiting: {
    title: "Waiting",
    count: "Waiting",
    means: "They have not started. They start by themselves when what they wait for is free.",
    tone: "text-idle",
  },
  superseded: {
    title: "Superseded",
    count: "Superseded",
    means:
      "A newer run of their job was started, so only that one can be resumed. A clean-up closes their records.",
    tone: "text-idle",
  },
} as const satisfies Record<StuckCategory, { title: string; count: string; means: string; tone: string }>;
