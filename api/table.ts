import { answer as demoShopPath } from "./demo/shop/[[...path]]/route";
import { answer as health } from "./health/route";
import { answer as accountIdentity } from "./v1/account/identity/route";
import { answer as accountPassword } from "./v1/account/password/route";
import { answer as account } from "./v1/account/route";
import { answer as accountSecondFactor } from "./v1/account/second-factor/route";
import { answer as accountSessionsSession } from "./v1/account/sessions/[session]/route";
import { answer as accountSessions } from "./v1/account/sessions/route";
import { answer as alertsAlertAcknowledge } from "./v1/alerts/[alert]/acknowledge/route";
import { answer as alerts } from "./v1/alerts/route";
import { answer as auditExport } from "./v1/audit/export/route";
import { answer as audit } from "./v1/audit/route";
import { answer as cleanupPlansPlanAbort } from "./v1/cleanup/plans/[plan]/abort/route";
import { answer as cleanupPlansPlanApply } from "./v1/cleanup/plans/[plan]/apply/route";
import { answer as cleanupPlansPlanItems } from "./v1/cleanup/plans/[plan]/items/route";
import { answer as cleanupPlansPlan } from "./v1/cleanup/plans/[plan]/route";
import { answer as cleanupPlansPlanUndo } from "./v1/cleanup/plans/[plan]/undo/route";
import { answer as cleanupPlans } from "./v1/cleanup/plans/route";
import { answer as deletionPlansPlanApply } from "./v1/deletion/plans/[plan]/apply/route";
import { answer as deletionPlans } from "./v1/deletion/plans/route";
import { answer as demo } from "./v1/demo/route";
import { answer as doctor } from "./v1/doctor/route";
import { answer as environment } from "./v1/environment/route";
import { answer as folderConfirm } from "./v1/folder/confirm/route";
import { answer as folder } from "./v1/folder/route";
import { answer as holdsHold } from "./v1/holds/[hold]/route";
import { answer as holds } from "./v1/holds/route";
import { answer as imports } from "./v1/imports/route";
import { answer as jobsJobCleanups } from "./v1/jobs/[job]/cleanups/route";
import { answer as jobsJobEnvironment } from "./v1/jobs/[job]/environment/route";
import { answer as jobsJobExec } from "./v1/jobs/[job]/exec/route";
import { answer as jobsJobPrecheck } from "./v1/jobs/[job]/precheck/route";
import { answer as jobsJobRecoveryRetry } from "./v1/jobs/[job]/recovery/retry/route";
import { answer as jobsJobRecovery } from "./v1/jobs/[job]/recovery/route";
import { answer as jobsJobRecoveryStop } from "./v1/jobs/[job]/recovery/stop/route";
import { answer as jobsJobReset } from "./v1/jobs/[job]/reset/route";
import { answer as jobsJobRestart } from "./v1/jobs/[job]/restart/route";
import { answer as jobsJob } from "./v1/jobs/[job]/route";
import { answer as jobsJobSchedulesSchedule } from "./v1/jobs/[job]/schedules/[schedule]/route";
import { answer as jobsJobSchedulesScheduleSlots } from "./v1/jobs/[job]/schedules/[schedule]/slots/route";
import { answer as jobsJobSchedules } from "./v1/jobs/[job]/schedules/route";
import { answer as jobsJobStart } from "./v1/jobs/[job]/start/route";
import { answer as jobsJobStatus } from "./v1/jobs/[job]/status/route";
import { answer as jobsJobStop } from "./v1/jobs/[job]/stop/route";
import { answer as jobs } from "./v1/jobs/route";
import { answer as limitsName } from "./v1/limits/[name]/route";
import { answer as limits } from "./v1/limits/route";
import { answer as locksNameRelease } from "./v1/locks/[name]/release/route";
import { answer as locks } from "./v1/locks/route";
import { answer as oidcCallback } from "./v1/oidc/callback/route";
import { answer as oidcSignedOut } from "./v1/oidc/signed-out/route";
import { answer as oidcStart } from "./v1/oidc/start/route";
import { answer as runsRunEvents } from "./v1/runs/[run]/events/route";
import { answer as runsRunExec } from "./v1/runs/[run]/exec/route";
import { answer as runsRunLog } from "./v1/runs/[run]/log/route";
import { answer as runsRun } from "./v1/runs/[run]/route";
import { answer as runsRunUsage } from "./v1/runs/[run]/usage/route";
import { answer as runs } from "./v1/runs/route";
import { answer as schedulesPreview } from "./v1/schedules/preview/route";
import { answer as schedules } from "./v1/schedules/route";
import { answer as schedulesUpcoming } from "./v1/schedules/upcoming/route";
import { answer as secretKeyRotate } from "./v1/secret-key/rotate/route";
import { answer as session } from "./v1/session/route";
import { answer as setUp } from "./v1/set-up/route";
import { answer as status } from "./v1/status/route";
import { answer as stopAll } from "./v1/stop-all/route";
import { answer as straysStrayAdopt } from "./v1/strays/[stray]/adopt/route";
import { answer as straysStrayStop } from "./v1/strays/[stray]/stop/route";
import { answer as straysPidFilesRemove } from "./v1/strays/pid-files/remove/route";
import { answer as strays } from "./v1/strays/route";
import { answer as stuck } from "./v1/stuck/route";
import { answer as tokensToken } from "./v1/tokens/[token]/route";
import { answer as tokens } from "./v1/tokens/route";
import { answer as usersUserPassword } from "./v1/users/[user]/password/route";
import { answer as usersUser } from "./v1/users/[user]/route";
import { answer as usersUserSecondFactor } from "./v1/users/[user]/second-factor/route";
import { answer as usersUserSessions } from "./v1/users/[user]/sessions/route";
import { answer as users } from "./v1/users/route";

/** Every path of the API and what answers there; `[name]` is one segment, `[[...path]]` the rest. */
export const table = {
  "/api/v1/account": account,
  "/api/v1/account/identity": accountIdentity,
  "/api/v1/account/password": accountPassword,
  "/api/v1/account/second-factor": accountSecondFactor,
  "/api/v1/account/sessions": accountSessions,
  "/api/v1/account/sessions/[session]": accountSessionsSession,
  "/api/v1/alerts": alerts,
  "/api/v1/alerts/[alert]/acknowledge": alertsAlertAcknowledge,
  "/api/v1/audit": audit,
  "/api/v1/audit/export": auditExport,
  "/api/v1/cleanup/plans": cleanupPlans,
  "/api/v1/cleanup/plans/[plan]": cleanupPlansPlan,
  "/api/v1/cleanup/plans/[plan]/abort": cleanupPlansPlanAbort,
  "/api/v1/cleanup/plans/[plan]/apply": cleanupPlansPlanApply,
  "/api/v1/cleanup/plans/[plan]/items": cleanupPlansPlanItems,
  "/api/v1/cleanup/plans/[plan]/undo": cleanupPlansPlanUndo,
  "/api/v1/deletion/plans": deletionPlans,
  "/api/v1/deletion/plans/[plan]/apply": deletionPlansPlanApply,
  "/api/v1/demo": demo,
  "/api/v1/doctor": doctor,
  "/api/v1/environment": environment,
  "/api/v1/folder": folder,
  "/api/v1/folder/confirm": folderConfirm,
  "/api/v1/holds": holds,
  "/api/v1/holds/[hold]": holdsHold,
  "/api/v1/imports": imports,
  "/api/v1/jobs": jobs,
  "/api/v1/jobs/[job]": jobsJob,
  "/api/v1/jobs/[job]/cleanups": jobsJobCleanups,
  "/api/v1/jobs/[job]/environment": jobsJobEnvironment,
  "/api/v1/jobs/[job]/exec": jobsJobExec,
  "/api/v1/jobs/[job]/precheck": jobsJobPrecheck,
  "/api/v1/jobs/[job]/recovery": jobsJobRecovery,
  "/api/v1/jobs/[job]/recovery/retry": jobsJobRecoveryRetry,
  "/api/v1/jobs/[job]/recovery/stop": jobsJobRecoveryStop,
  "/api/v1/jobs/[job]/reset": jobsJobReset,
  "/api/v1/jobs/[job]/restart": jobsJobRestart,
  "/api/v1/jobs/[job]/schedules": jobsJobSchedules,
  "/api/v1/jobs/[job]/schedules/[schedule]": jobsJobSchedulesSchedule,
  "/api/v1/jobs/[job]/schedules/[schedule]/slots": jobsJobSchedulesScheduleSlots,
  "/api/v1/jobs/[job]/start": jobsJobStart,
  "/api/v1/jobs/[job]/status": jobsJobStatus,
  "/api/v1/jobs/[job]/stop": jobsJobStop,
  "/api/v1/limits": limits,
  "/api/v1/limits/[name]": limitsName,
  "/api/v1/locks": locks,
  "/api/v1/locks/[name]/release": locksNameRelease,
  "/api/v1/oidc/callback": oidcCallback,
  "/api/v1/oidc/signed-out": oidcSignedOut,
  "/api/v1/oidc/start": oidcStart,
  "/api/v1/runs": runs,
  "/api/v1/runs/[run]": runsRun,
  "/api/v1/runs/[run]/events": runsRunEvents,
  "/api/v1/runs/[run]/exec": runsRunExec,
  "/api/v1/runs/[run]/log": runsRunLog,
  "/api/v1/runs/[run]/usage": runsRunUsage,
  "/api/v1/schedules": schedules,
  "/api/v1/schedules/preview": schedulesPreview,
  "/api/v1/schedules/upcoming": schedulesUpcoming,
  "/api/v1/secret-key/rotate": secretKeyRotate,
  "/api/v1/session": session,
  "/api/v1/set-up": setUp,
  "/api/v1/status": status,
  "/api/v1/stop-all": stopAll,
  "/api/v1/strays": strays,
  "/api/v1/strays/[stray]/adopt": straysStrayAdopt,
  "/api/v1/strays/[stray]/stop": straysStrayStop,
  "/api/v1/strays/pid-files/remove": straysPidFilesRemove,
  "/api/v1/stuck": stuck,
  "/api/v1/tokens": tokens,
  "/api/v1/tokens/[token]": tokensToken,
  "/api/v1/users": users,
  "/api/v1/users/[user]": usersUser,
  "/api/v1/users/[user]/password": usersUserPassword,
  "/api/v1/users/[user]/second-factor": usersUserSecondFactor,
  "/api/v1/users/[user]/sessions": usersUserSessions,
  "/demo/shop/[[...path]]": demoShopPath,
  "/health": health,
};
