/** What the list of stuck runs sorts them into. */
export const STUCK_CATEGORIES = ["resumable", "dead", "complete", "unknown", "orphaned", "waiting"] as const;
export type StuckCategory = (typeof STUCK_CATEGORIES)[number];

/** What can be done about one. */
export const STUCK_REMEDIES = ["resume", "clean", "stop", "start"] as const;
export type StuckRemedy = (typeof STUCK_REMEDIES)[number];
