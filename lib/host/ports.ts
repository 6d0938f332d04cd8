import { booted, type Parts, unavailable } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import type { Ports, Repositories } from "@/lib/domain/ports/ports";
import { repositoriesOf } from "@/lib/store/repositories";
import type { Urgency } from "@/lib/store/write-queue";
import { hostOf } from "./host";

/** Everything services may ask for, made once at boot: a set for each line in which their writes may wait. */
export function portsOf(parts: Parts): Readonly<Record<Urgency, Ports>> {
  const host = hostOf(parts);
  const set = (urgency: Urgency): Ports => {
    const repositories = repositoriesOf(parts.store.as({ urgency }), wallClock, parts.supervisor.worker);
    return {
      ...repositories,
      ...accountsOf(repositories, () => parts.auth.forget()),
      ...host,
      enqueueRun: unlessStopping(repositories.enqueueRun),
    };
  };
  return { operator: set("operator"), run: set("run"), housekeeping: set("housekeeping") };
}

/** What is kept of who may ask is looked up again after each change, so that a revocation holds from the next request on. */
function accountsOf(repositories: Repositories, changed: () => void): Partial<Repositories> {
  const { insertUser, insertUserWithIdentity, changeUser, deleteUser } = repositories;
  const { endSessions, insertSession, revokeToken, removeSecondFactor } = repositories;
  const noting =
    <Given extends unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
    (...given: Given): Promise<Result> =>
      call(...given).finally(changed);
  return {
    insertUser: noting(insertUser),
    insertUserWithIdentity: noting(insertUserWithIdentity),
    changeUser: noting(changeUser),
    deleteUser: noting(deleteUser),
    endSessions: noting(endSessions),
    insertSession: noting(insertSession),
    revokeToken: noting(revokeToken),
    removeSecondFactor: noting(removeSecondFactor),
  };
}

/** What is queued while the dashboard goes down would only wait for the next one, and its caller would not know. */
function unlessStopping(enqueue: Ports["enqueueRun"]): Ports["enqueueRun"] {
  return async (...given) => {
    if (booted()?.phase === "stopping") throw unavailable();
    return enqueue(...given);
  };
}
