import type { App } from "./booted";
import { wallClock } from "./clock";
import type { JobId } from "./domain/ids";
import { jitter } from "./jitter";
import {
  decideRecovery,
  findRecovery,
  listWaitingRecoveries,
  type RecoveryChange,
  type RecoveryFound,
} from "./store/recovery";

/** What the services of automatic recovery ask of the process, answered by the store and the configuration. */
export function recoveryOf({ store, config, wakeRecovery }: App) {
  return {
    random: jitter,
    recoveryLimits: config.recovery,
    wakeRecovery,
    findRecovery: (id: JobId) => findRecovery(store, id),
    listWaitingRecoveries: () => listWaitingRecoveries(store),
    decideRecovery: <Change extends RecoveryChange>(
      id: JobId,
      decide: (found: RecoveryFound) => Change | null,
    ) => decideRecovery(store, id, decide, wallClock()),
  };
}
