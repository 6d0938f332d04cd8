/** What the dashboard reports without being asked: runs that are stuck, or a job whose recovery gave up. */
export const ALERT_KINDS = ["stuck", "recovery"] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
