import type { App } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import type { JobId } from "@/lib/domain/ids";
import {
  decideRecovery,
  findRecovery,
  listWaitingRecoveries,
  type RecoveryChange,
  type RecoveryFound,
} from "@/lib/store/recovery";
import { jitter } from "./jitter";

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
