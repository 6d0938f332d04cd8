import type { Repositories } from "@/lib/domain/ports/ports";
import { accountPorts } from "./accounts";
import { holdPorts } from "./holds";
import { HOST_INSTANCE } from "./host";
import { identityPorts } from "./identities";
import { jobPorts, recoveryPorts } from "./jobs";
import { adoptionPorts, importPorts, stopPorts } from "./outside";
import { planPorts, planWorkPorts } from "./plans";
import { queuePorts } from "./queue";
import { idPorts, runPorts } from "./runs";
import { schedulePorts } from "./schedules";
import { smallPorts, stuckPorts } from "./stuck";
import type { Tables } from "./tables";

/**
 * What services ask of the database, over plain maps: what the ports promise and no more. test/contract/in-memory.test.ts compares
 * it with the real store.
 */
export function memoryRepositories(tables: Tables, clock: () => number): Repositories {
  const ids = idPorts(tables);
  return {
    ...ids,
    ...jobPorts(tables),
    ...recoveryPorts(tables, clock, ids.newAlertId),
    ...runPorts(tables, clock),
    ...queuePorts(tables),
    ...planPorts(tables, clock),
    ...planWorkPorts(tables, clock),
    ...stuckPorts(tables),
    ...smallPorts(tables, clock),
    ...stopPorts(tables, clock, HOST_INSTANCE),
    ...adoptionPorts(tables),
    ...importPorts(tables),
    ...accountPorts(tables),
    ...identityPorts(tables),
    ...holdPorts(tables, ids.newHoldId),
    ...schedulePorts(tables, ids.newScheduleId),
  };
}
