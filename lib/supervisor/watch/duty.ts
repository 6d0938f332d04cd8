import type { Recovering } from "../finding-out/recovering";
import type { LifeSaver } from "../life/save-life";
import type { Closing } from "./closing";
import type { SupervisorPorts } from "./ports";
import type { Tracker } from "./tracker";
import type { Watched, Watchlist } from "./watched";

/** What the parts of one supervisor share while it is on duty. */
export type Duty = {
  readonly ports: SupervisorPorts;
  readonly list: Watchlist;
  /** Aborted when the dashboard goes down: everything lets go, the runs live on. */
  readonly abort: AbortSignal;
  /** Before that, when the runs are to end with the dashboard. */
  readonly closing: Closing;
  readonly tasks: Tracker;
  readonly life: LifeSaver;
  readonly recovering: Recovering;
  /** Takes a watched run from where it is: ends it when that was asked for, else looks whether it has ended. */
  takeUp(watched: Watched): void;
  lookSoon(watched: Watched): void;
  /** Something may have become startable: a run was queued, or a lock was released. */
  claimQueued(): void;
};
