/** What an orderly end of the dashboard does to the runs: they go on without it, or they are stopped within a budget. */
export const SHUTDOWN_POLICIES = ["leave", "stop"] as const;
export type ShutdownPolicy = (typeof SHUTDOWN_POLICIES)[number];
