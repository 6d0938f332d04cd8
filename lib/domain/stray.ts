/** What can be done about a process that nobody here owns. */
export const STRAY_REMEDIES = ["adopt", "stop"] as const;
export type StrayRemedy = (typeof STRAY_REMEDIES)[number];
