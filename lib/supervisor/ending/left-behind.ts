import { perRun } from "../files/per-run";
import type { Watched } from "../watch/watched";

/** Command lines of what its program had left when it ended by itself; null: that was not seen by this dashboard. */
export const leftBehindOf = perRun((_: Watched): { commands: readonly string[] | null } => ({
  commands: null,
}));
