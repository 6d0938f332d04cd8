import type { Logger } from "pino";
import { wallClock } from "./clock";
import type { Config } from "./config/config";
import { type HostEnvironment, handedOn, namesToRecord } from "./domain/environment";
import { settleEnvironment } from "./store/environment";
import type { Store } from "./store/transaction";

/** Once in the life of a data folder it is decided what its runs are handed; what is named and not there is told at every start. */
export async function settleRunEnvironment(
  { inherit }: Config,
  store: Store,
  environment: HostEnvironment,
  log: Logger,
): Promise<void> {
  const policy = await settleEnvironment(store, namesToRecord(environment), wallClock());
  log.info({ use: policy.use, names: policy.use === "recorded" ? policy.names : [] }, "environment.of_runs");
  const { missing } = handedOn(environment, inherit, policy);
  if (missing.length > 0) log.warn({ missing }, "environment.missing");
}
