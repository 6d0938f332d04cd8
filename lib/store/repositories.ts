import type { WorkerId } from "@/lib/domain/ids";
import type { Accounts } from "@/lib/domain/ports/accounts";
import type { Identities } from "@/lib/domain/ports/identities";
import type { Jobs } from "@/lib/domain/ports/jobs";
import type { Limits, Locks } from "@/lib/domain/ports/locks";
import type { Adoption, Imports, OutsideStops } from "@/lib/domain/ports/outside";
import type { Plans, PlanWork } from "@/lib/domain/ports/plans";
import type { Repositories } from "@/lib/domain/ports/ports";
import type { Recoveries } from "@/lib/domain/ports/recoveries";
import type { NewIds, Runs } from "@/lib/domain/ports/runs";
import type { Schedules } from "@/lib/domain/ports/schedules";
import type { Alerts, StuckChecks, Unsettled } from "@/lib/domain/ports/stuck";
import type { HostInstance } from "@/lib/domain/run";
import { insertAdopted } from "./adopt-run";
import { acknowledgeAlert, listAlerts } from "./alerts";
import { insertToken, listTokens, revokeToken } from "./api-tokens";
import { recordAudit } from "./audit";
import { listAudit } from "./audit-list";
import { bound, timed } from "./bound";
import { findRuns, listEnded } from "./ended-runs";
import { environmentPolicy, useEnvironment } from "./environment";
import { deleteHold, insertHold, listHolds } from "./holds";
import {
  findIdentity,
  findUserByIdentity,
  insertUserWithIdentity,
  linkIdentity,
  noteIdentity,
  unlinkIdentities,
} from "./identities";
import { entropy } from "./ids";
import { findImported, insertImported } from "./imports";
import { beginDeletion } from "./job-deletion";
import { findJob, insertJob, listJobs, listJobsWithNewest, listJobsWithPidFile, updateJob } from "./jobs";
import { removeLimit, setLimit } from "./limit-changes";
import { listCapacities } from "./limits";
import { fencesOf, findLock, listLocks, takeAwayLock } from "./lock-list";
import { closeStop, openStop } from "./outside-stops";
import { cleanItem, failItem, listUndo, undoItem } from "./plan-items";
import { changePlan, countJobCleanups, findPlan, insertPlan, listPlanItems, listPlans } from "./plans";
import { readQueue } from "./queue";
import { decideRecovery, findRecovery, listWaitingRecoveries } from "./recovery";
import { applyEvent, noteEvent } from "./run-changes";
import { deleteRunRows, settleDeletion } from "./run-deletion";
import { findEvent, listEvents } from "./run-events";
import { secretParameters } from "./run-secrets";
import { enqueueRun, findShownRun, listAwaitingSuccessor, listRuns, listUnfinished } from "./runs";
import {
  deleteSchedule,
  findNextDue,
  findSchedule,
  insertSchedule,
  listDue,
  listSchedules,
  updateSchedule,
} from "./schedules";
import {
  beginSecondFactor,
  confirmSecondFactor,
  findSecondFactor,
  removeSecondFactor,
  takeRecoveryCode,
  takeStep,
} from "./second-factors";
import { endSessions, findSignOutHint, insertSession, listSessions } from "./sessions";
import { forgiveAttempt, takeAttempt } from "./sign-in-delays";
import { hasWaitingSlot, listNewestSlots, listOpenSlots, listSlots, settleSlot, takeSlots } from "./slots";
import { readStuckCheck, saveStuckCheck, toldRuns } from "./stuck-checks";
import type { Store } from "./transaction";
import { countUnsettled, listUnsettled, newestAmong, saveVerdicts } from "./unsettled";
import { listUsage } from "./usage";
import { changeUser, countUsers, deleteUser, findUser, findUserByName, insertUser, listUsers } from "./users";

type Clock = () => number;
type Worker = { readonly id: WorkerId; readonly hostInstance: HostInstance };

/**
 * Everything services ask of the database, with the store and the clock inside. Made once for each urgency.
 * @param store its writes wait in one line of the queue
 * @param clock epoch milliseconds
 */
export function repositoriesOf(store: Store, clock: Clock, worker: Worker): Repositories {
  return {
    ...jobs(store),
    ...runs(store, clock),
    ...newIds(store),
    ...plans(store, clock),
    ...planWork(store, clock),
    ...locks(store),
    ...recoveries(store, clock),
    ...schedules(store),
    newHoldId: store.ids.hold,
    ...bound(store, { insertHold, deleteHold, listHolds }),
    ...stuck(store),
    ...outside(store, clock, worker),
    ...accounts(store),
    ...identities(store),
    ...bound(store, { environmentPolicy, useEnvironment }),
    ...timed(store, clock, { recordAudit }),
  };
}

function jobs(store: Store): Jobs {
  return bound(store, {
    findJob,
    listJobs,
    listJobsWithNewest,
    listJobsWithPidFile,
    insertJob,
    updateJob,
    deleteJob: beginDeletion,
  });
}

function runs(store: Store, clock: Clock): Runs {
  return {
    ...bound(store, {
      findRun: findShownRun,
      secretParameters,
      findRuns,
      listRuns,
      listEnded,
      listUnfinished,
      listAwaitingSuccessor,
      newestAmong,
      findEvent,
      listEvents,
      listUsage,
      fencesOf,
    }),
    enqueueRun: (id, decide, audit, now, signal) => enqueueRun(store.as({ signal }), id, decide, audit, now),
    applyEvent: (id, event, audit) => applyEvent(store, id, event, clock(), audit),
    noteEvent: (id, type, data) => noteEvent(store, id, { type, data }, clock()),
  };
}

function accounts(store: Store): Accounts {
  return bound(store, {
    ...{ countUsers, listUsers, findUser, findUserByName, insertUser, changeUser, deleteUser },
    ...{ insertSession, listSessions, findSignOutHint, endSessions },
    ...{
      findSecondFactor,
      beginSecondFactor,
      confirmSecondFactor,
      takeStep,
      takeRecoveryCode,
      removeSecondFactor,
    },
    ...{ insertToken, listTokens, revokeToken },
    ...{ takeAttempt, forgiveAttempt, listAudit },
  });
}

function identities(store: Store): Identities {
  return bound(store, {
    ...{ findUserByIdentity, findIdentity, insertUserWithIdentity },
    ...{ linkIdentity, unlinkIdentities, noteIdentity },
  });
}

function newIds({ ids }: Store): NewIds {
  return { newRunId: ids.run, newPlanId: ids.plan, newAlertId: ids.alert, entropy };
}

function plans(store: Store, clock: Clock): Plans {
  return {
    ...bound(store, { insertPlan, findPlan, listPlans, listPlanItems, listUndo, countJobCleanups }),
    ...timed(store, clock, { changePlan }),
    undoItem: (key, reason, audit, expected) => undoItem(store, key, reason, audit, clock(), expected),
  };
}

function planWork(store: Store, clock: Clock): PlanWork {
  return timed(store, clock, { cleanItem, failItem, deleteRunRows, settleDeletion });
}

function locks(store: Store): Locks & Limits {
  return {
    ...bound(store, { listLocks, findLock, takeAwayLock, setLimit, removeLimit }),
    listCapacities: async () => listCapacities(store.look),
    listQueue: async () => readQueue(store.look),
  };
}

function recoveries(store: Store, clock: Clock): Recoveries {
  return {
    ...bound(store, { findRecovery, listWaitingRecoveries }),
    // Written out: its type parameter would not survive.
    decideRecovery: (id, decide) => decideRecovery(store, id, decide, clock()),
  };
}

function schedules(store: Store): Schedules {
  return {
    newScheduleId: store.ids.schedule,
    ...bound(store, {
      ...{ insertSchedule, updateSchedule, deleteSchedule, findSchedule, listSchedules },
      ...{ findNextDue, listDue, takeSlots, settleSlot, listOpenSlots, hasWaitingSlot },
      ...{ listSlots, listNewestSlots },
    }),
  };
}

function stuck(store: Store): Unsettled & StuckChecks & Alerts {
  return {
    ...bound(store, { listUnsettled, countUnsettled, saveVerdicts, toldRuns, saveStuckCheck }),
    ...bound(store, { listAlerts, acknowledgeAlert }),
    lastStuckCheck: async () => {
      const row = await readStuckCheck(store);
      return row === null || row.found === null ? null : { at: row.at, found: row.found };
    },
  };
}

function outside(store: Store, clock: Clock, worker: Worker): OutsideStops & Adoption & Imports {
  return {
    ...bound(store, { insertAdopted, findImported, insertImported }),
    ...timed(store, clock, { closeStop }),
    openStop: (stop, audit) => openStop(store, worker, stop, audit, clock()),
  };
}
