import type { StuckCategory } from "@/lib/domain/stuck";

/** What each section of the list is, and what its buttons will do, for people who are in a hurry. */
export const CATEGORY = {
  resumable: {
    title: "Can go on",
    count: "Resumable",
    means: "Their work is kept. Resume begins a new run where this one stopped; nothing is deleted.",
    tone: "text-ok",
  },
  dead: {
    title: "Nothing to go on from",
    count: "Dead",
    means:
      "No checkpoint with data and no progress. Clean up marks them “Timeout – Auto-cleaned” after a preview, and can be undone.",
    tone: "text-bad",
  },
  unknown: {
    title: "Not known",
    count: "Unknown",
    means:
      "What they left cannot be read for certain. Look at the evidence; Start anew keeps everything and begins afresh.",
    tone: "text-warn",
  },
  complete: {
    title: "Work finished",
    count: "Finished",
    means: "They were interrupted, but what they left says that the work is done. Only the record is open.",
    tone: "text-idle",
  },
  orphaned: {
    title: "Alive or unattended, and not well",
    count: "Orphaned",
    means:
      "They count as active but give no sign of life, or nobody looks after them. Only Stop touches a process; a clean-up never does.",
    tone: "text-bad",
  },
  waiting: {
    title: "Waiting",
    count: "Waiting",
    means: "They have not begun. They start by themselves when what they wait for is free.",
    tone: "text-idle",
  },
} as const satisfies Record<StuckCategory, { title: string; count: string; means: string; tone: string }>;
