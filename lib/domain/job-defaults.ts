import type { RunAsHere } from "./run-as";

/** Where, and as whom, a job runs that does not say. */
export type JobDefaults = { readonly cwd: string; readonly runAs: RunAsHere };
