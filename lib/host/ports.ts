import { booted, type Parts, unavailable } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import type { Ports } from "@/lib/domain/ports/ports";
import { repositoriesOf } from "@/lib/store/repositories";
import type { Urgency } from "@/lib/store/write-queue";
import { hostOf } from "./host";

/** Everything services may ask for, made once at boot: a set for each line in which their writes may wait. */
export function portsOf(parts: Parts): Readonly<Record<Urgency, Ports>> {
  const host = hostOf(parts);
  const set = (urgency: Urgency): Ports => {
    const repositories = repositoriesOf(parts.store.as({ urgency }), wallClock, parts.supervisor.worker);
    return { ...repositories, ...host, enqueueRun: unlessStopping(repositories.enqueueRun) };
  };
  return { operator: set("operator"), run: set("run"), housekeeping: set("housekeeping") };
}

/** What is queued while the dashboard goes down would only wait for the next one, and its caller would not know. */
function unlessStopping(enqueue: Ports["enqueueRun"]): Ports["enqueueRun"] {
  return async (...given) => {
    if (booted()?.phase === "stopping") throw unavailable();
    return enqueue(...given);
  };
}
