/** Can the lineage of this run go on? */
export const RECOVERY_VERDICTS = ["resumable", "dead", "complete", "unknown"] as const;
export type RecoveryVerdict = (typeof RECOVERY_VERDICTS)[number];
