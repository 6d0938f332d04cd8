import { AppError } from "@/lib/domain/errors";
import type { JobId, ScheduleId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import { readValues } from "@/lib/domain/parameter-values";
import { findParameter, isSecret, type ParameterIssue } from "@/lib/domain/parameters";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { PlannedSchedule, Schedules } from "@/lib/domain/ports/schedules";
import { NO_DAYS_OFF, type Schedule, USUAL_MISSED } from "@/lib/domain/schedule";
import { type FindJob, getJob, jobNotFound } from "@/lib/services/commands/get-job";
import { said } from "@/lib/services/commands/new-job";
import { planFrom, refuseIdle, scheduleNotFound } from "./plan-schedule";

type Needs = FindJob &
  Pick<Schedules, "insertSchedule" | "updateSchedule" | "findSchedule" | "newScheduleId"> &
  Pick<Here, "now" | "nudgeSchedules"> &
  Actor;

type Settings = Omit<Schedule, "id" | "jobId" | "version" | "createdAt" | "updatedAt">;
export type ScheduleInput = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

/** @throws AppError JOB_NOT_FOUND, SCHEDULE_REFUSED, PARAMETERS_REFUSED */
export async function createSchedule(
  ctx: Needs,
  jobId: JobId,
  input: ScheduleInput & Pick<Settings, "when" | "timezone">,
): Promise<PlannedSchedule> {
  const job = await getJob(ctx, jobId);
  const now = ctx.now();
  const schedule: Schedule = {
    ...{ title: null, daysOff: NO_DAYS_OFF, startsAt: null, endsAt: null, jitterMs: 0, enabled: true },
    ...{ missed: USUAL_MISSED, overlap: "skip", mode: "auto", args: null, parameters: null },
    ...said(input),
    ...{ when: input.when, timezone: input.timezone },
    ...{ id: ctx.newScheduleId(now), jobId, version: 1, createdAt: now, updatedAt: now },
  };
  check(job, schedule, now);
  const { next } = planFrom(schedule, now);
  const details = { schedule: schedule.id, ...settingsOf(schedule) };
  const audit = { actor: ctx.actor, action: "schedule.created", jobId, details };
  if ((await ctx.insertSchedule(schedule, next, audit)) === null) throw jobNotFound(jobId);
  ctx.nudgeSchedules();
  return { schedule, next };
}

/**
 * Changes what was said, from now on: no time of before the change is started by it.
 * @throws AppError SCHEDULE_NOT_FOUND, STALE_VERSION, SCHEDULE_REFUSED, PARAMETERS_REFUSED
 */
export async function updateSchedule(
  ctx: Needs,
  id: ScheduleId,
  { version, ...input }: ScheduleInput & { readonly version: number },
): Promise<PlannedSchedule> {
  const found = (await ctx.findSchedule(id))?.schedule;
  if (found === undefined) throw scheduleNotFound(id);
  const now = ctx.now();
  const job = await getJob(ctx, found.jobId);
  const change = (before: Schedule): PlannedSchedule => {
    const after = { ...before, ...said(input), version: before.version + 1, updatedAt: now };
    check(job, after, now);
    return planFrom(after, now);
  };
  const after = change(found).schedule;
  const [before, then] = [settingsOf(found), settingsOf(after)].map(
    differing(settingsOf(found), settingsOf(after)),
  );
  const details = { schedule: id, before, after: then };
  const audit = { actor: ctx.actor, action: "schedule.changed", jobId: found.jobId, details };
  const changed = await ctx.updateSchedule(id, version, change, audit, now);
  if (changed === null) throw scheduleNotFound(id);
  if (!changed.ok) throw stale(changed.schedule, version);
  ctx.nudgeSchedules();
  return planFrom(changed.schedule, now);
}

/** One that is not enabled may have ended. */
function check(job: Job, schedule: Schedule, now: number): void {
  if (schedule.enabled) refuseIdle(schedule, now);
  if (schedule.startsAt !== null && schedule.endsAt !== null && schedule.startsAt >= schedule.endsAt)
    throw new AppError("SCHEDULE_REFUSED", "Expected an end after the start.", { field: "endsAt" });
  const issues = valueIssues(job, schedule);
  if (issues.length === 0) return;
  const told = issues.map(({ path, message }) => `${path} ${message}`).join("; ");
  throw new AppError(
    "PARAMETERS_REFUSED",
    `The parameters of the schedule do not fit job "${job.id}": ${told}.`,
    {
      job: job.id,
      issues,
    },
  );
}

/** As a start would be told; and no password, which nothing but a run keeps sealed. */
function valueIssues({ parameters }: Job, { parameters: given }: Schedule): readonly ParameterIssue[] {
  const secret = Object.keys(given ?? {}).filter((name) => {
    const parameter = findParameter(parameters, name);
    return parameter !== null && isSecret(parameter);
  });
  const message = "is a password, which a schedule does not keep; make it a secret variable of the job";
  return [...readValues(parameters, given ?? {}).issues, ...secret.map((path) => ({ path, message }))];
}

const NOT_TOLD: readonly (keyof Schedule)[] = ["id", "jobId", "version", "createdAt", "updatedAt"];

function settingsOf(schedule: Schedule): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(schedule).filter(([name]) => !(NOT_TOLD as readonly string[]).includes(name)),
  );
}

type Told = Readonly<Record<string, unknown>>;

function differing(one: Told, other: Told): (told: Told) => Told {
  const names = Object.keys(one).filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
  return (told) => Object.fromEntries(names.map((name) => [name, told[name]]));
}

function stale({ id, version }: Schedule, given: number): AppError {
  const message = `Schedule ${id} was changed in the meantime: it is at version ${version}, and your change is for version ${given}. Read it again and repeat the change.`;
  return new AppError("STALE_VERSION", message, { schedule: id, version });
}
