import { measure as burst } from "./burst.mjs";
import { measure as death } from "./death.mjs";
import { measure as duplicates } from "./duplicates.mjs";
import { measure as idle } from "./idle.mjs";
import { measure as output } from "./output.mjs";
import { measure as recovery } from "./recovery.mjs";
import { measure as stalePid } from "./stale-pid.mjs";
import { measure as start } from "./start.mjs";
import { measure as status } from "./status.mjs";
import { measure as trees } from "./trees.mjs";

/**
 * What is asked of each system, by name. What a system cannot be asked is left out by its scenario.
 * @type {Record<string, (session: import("./common.mjs").Session, adapter: import("./common.mjs").Adapter) => Promise<void>>}
 */
export const SCENARIOS = {
  S1: start,
  S2: burst,
  S3: idle,
  S4: death,
  S5: recovery,
  S6: trees,
  S7: stalePid,
  S8: duplicates,
  S9: status,
  S10: output,
};
