/** Where a job's recovery by itself stands. */
export const RECOVERY_STATES = ["idle", "waiting", "gave_up", "stopped"] as const;
export type RecoveryState = (typeof RECOVERY_STATES)[number];

export const RECOVERY_ACTIONS = ["resume", "restart"] as const;
export type RecoveryAction = (typeof RECOVERY_ACTIONS)[number];
