/** What counts as a sign of life. CPU and disk traffic do not: a program in an endless loop has both. */
export const LIFE_SOURCES = ["log", "checkpoint", "progress", "heartbeat"] as const;
export type LifeSource = (typeof LIFE_SOURCES)[number];

/** For sentences: "the last sign of life was …". */
export const LIFE_SOURCE_WORDS = {
  log: "its log grew",
  checkpoint: "its checkpoint changed",
  progress: "it reported progress",
  heartbeat: "it sent a heartbeat",
} as const satisfies Record<LifeSource, string>;
