import { AppError } from "@/lib/domain/errors";
import { held, holdOf } from "@/lib/domain/hold";
import type { JobId } from "@/lib/domain/ids";
import { type ByHand, type Job, type RunSpec, toHandSpec, toRunSpec } from "@/lib/domain/job";
import { newRun } from "@/lib/domain/new-run";
import { isPlaceholder, noCommandYet } from "@/lib/domain/placeholder";
import type { Actor, AuditEntry } from "@/lib/domain/ports/audit";
import type { Holds } from "@/lib/domain/ports/holds";
import type { Here, Machine, Watch } from "@/lib/domain/ports/host";
import type { Decision, Enqueued, HeldSecrets, NewIds, Runs } from "@/lib/domain/ports/runs";
import type { SlotKey } from "@/lib/domain/ports/schedules";
import { isActive, type Run, type RunTrigger } from "@/lib/domain/run";
import { runAsNeeded } from "@/lib/domain/run-as";
import { kindOf } from "@/lib/kinds/kinds";
import { type FindJob, jobNotFound } from "./get-job";
import { holdsFor, lookOutside, type Outside, type OutsideNeeds } from "./look-outside";
import { argsFor } from "./run-args";
import { heldBy, parametersFor } from "./run-parameters";
import { BEGINS_ANEW, type Beginning, type StartingPoint, startingPoint } from "./starting-point";

export type StartNeeds = FindJob &
  OutsideNeeds &
  Pick<Machine, "checkRoom"> &
  Pick<Here, "now" | "lineageFolder" | "runAs"> &
  Pick<NewIds, "entropy" | "newRunId" | "newPlanId"> &
  Pick<Holds, "listHolds"> &
  Pick<Runs, "enqueueRun" | "secretParameters"> &
  Pick<Watch, "verify" | "nudge" | "expectStart"> &
  Actor;

export type StartJob = {
  readonly trigger: RunTrigger;
  /** Left out: those of the run it goes on from or repeats, else none. */
  readonly args?: readonly string[] | undefined;
  /** Left out: as with `args`, and else their defaults. Of a run that goes on from another they have to be that one's. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly reason?: string | undefined;
  /**
   * `auto` (default): does what the pre-start check says: goes on from what the newest run left, or cleans that run first.
   * `resume`: refused when there is nothing to resume. `fresh`: starts over, with the old checkpoint moved
   * aside.
   */
  readonly mode?: Beginning["mode"];
  /** `old`, for a resume: it is launched in the folder the newest run really worked in, where alone its checkpoint is. */
  readonly folder?: Beginning["folder"];
  /** `refuse` (default). `wait`: no caller would see a refusal, so it is queued until there is room. */
  readonly whenDiskFull?: "refuse" | "wait" | undefined;
  /** No person asked for it: it is refused while a hold lasts. */
  readonly automatic?: boolean | undefined;
  /** The time of a schedule this is the start of. @throws SLOT_TAKEN where that was decided already */
  readonly slot?: SlotKey | undefined;
  /** A terminal launches this program instead of the job's own. */
  readonly byHand?: ByHand | undefined;
};

const TOKEN_LENGTH = 32;

/**
 * Queues a run and tells the supervisor. Two starts at once make one run: the second is refused with the first one's id. A
 * run that is in the way is looked at first: if its process has ended, its end is written down and the start goes on.
 * @throws AppError JOB_NOT_FOUND, JOB_DISABLED, HELD, JOB_HAS_NO_COMMAND, RUN_ALREADY_ACTIVE, NOTHING_TO_RESUME, PARAMETERS_REFUSED, PARAMETERS_DIFFER, DISK_FULL, PATH_NOT_ANSWERING, and what `checkCommand` and `checkPidFile` throw
 */
export async function startJob(ctx: StartNeeds, id: JobId, input: StartJob): Promise<Run> {
  ctx.expectStart();
  if (input.whenDiskFull !== "wait") await ctx.checkRoom();
  const now = ctx.now();
  if (input.automatic === true) await refuseHeld(ctx, id, now);
  const audit = (run: Run) => ({
    actor: ctx.actor,
    action: "run.start_requested",
    jobId: id,
    runId: run.id,
    reason: input.reason ?? null,
    details: givenTo(run),
  });
  const enqueue = () => enqueueOnFacts(ctx, id, input, audit, now);
  let answer = await enqueue();
  if (answer?.ok === false && (await ctx.verify(answer.active.id))) answer = await enqueue();
  if (answer === null) throw jobNotFound(id);
  if (!answer.ok) throw alreadyActive(id, answer.active);
  ctx.nudge();
  return answer.run;
}

async function refuseHeld(
  ctx: Pick<StartNeeds, "findJob" | "listHolds">,
  id: JobId,
  now: number,
): Promise<void> {
  const holds = await ctx.listHolds(now);
  if (holds.length === 0) return;
  const job = (await ctx.findJob(id))?.job;
  const hold = job === undefined ? null : holdOf(holds, job, now);
  if (job !== undefined && hold !== null) throw held(job, hold);
}

/** What it repeats too: who may start need not be who chose it. Cut, where there is much: the run has it all. Of a secret only that it was given. */
function givenTo({ spec: { args, parameters } }: Run): Readonly<Record<string, unknown>> {
  const cut = <Value>(value: Value) => (typeof value === "string" ? value.slice(0, 200) : value);
  const named = Object.entries(parameters ?? {}).map(([name, value]) => [name, cut(value)]);
  return {
    ...(args === null || args.length === 0 ? {} : { args: args.slice(0, 20).map(cut) }),
    ...(named.length === 0 ? {} : { parameters: Object.fromEntries(named) }),
  };
}

/**
 * Reads what the decision rests on, then decides in the transaction that writes it. Another round follows
 * only when a change by another request came between.
 */
async function enqueueOnFacts(
  ctx: StartNeeds,
  id: JobId,
  input: StartJob,
  audit: (run: Run) => AuditEntry,
  now: number,
): Promise<Enqueued | null> {
  const { args = [], byHand } = input;
  for (;;) {
    const found = await ctx.findJob(id);
    if (found === null) return null;
    const { job, newest } = found;
    const held = byHand === undefined ? await heldBy(ctx, newest) : {};
    // One that is active is in the way, and there is nothing to look at; unless it has just ended.
    const outside =
      newest !== null && isActive(newest.state)
        ? null
        : await lookOutside(ctx, job, newest, {
            args,
            byHand: byHand !== undefined,
            inOldFolder: input.folder === "old",
          });
    const answer = await ctx.enqueueRun(
      id,
      (current, last) =>
        outside !== null && holdsFor(outside, current, last)
          ? decide(ctx, current, last, input, now, { ...outside, held })
          : "look again",
      audit,
      now,
      ctx.signal,
    );
    if (answer !== "look again") return answer;
  }
}

function decide(
  ctx: StartNeeds,
  job: Job,
  newest: Run | null,
  input: StartJob,
  now: number,
  outside: Outside & { readonly held: HeldSecrets },
): Decision {
  if (!job.enabled) {
    throw new AppError("JOB_DISABLED", `Job "${job.id}" is disabled. Enable it before you start it.`, {
      job: job.id,
    });
  }
  const { byHand } = input;
  if (byHand === undefined && isPlaceholder(job.argv))
    throw new AppError("JOB_HAS_NO_COMMAND", noCommandYet(job.id), { job: job.id });
  if (job.runAs === null && ctx.runAs.isRoot) throw runAsNeeded(job.id);
  const runId = ctx.newRunId(now);
  // What a person starts by hand need not be the job's own program, so it goes on from nothing.
  const from =
    byHand === undefined ? startingPoint(ctx, job, newest, input, now, outside.state) : BEGINS_ANEW;
  const { parent, clean } = from;
  const lineageId = parent?.lineageId ?? runId;
  const { spec, secrets } =
    byHand === undefined
      ? specOf(ctx, job, input, { lineageId, from, newest, held: outside.held })
      : { spec: toHandSpec(job, byHand), secrets: {} };
  if (outside.refusal !== null) throw outside.refusal;
  const run = newRun({
    id: runId,
    jobId: job.id,
    trigger: input.mode === "resume" ? "resume" : input.trigger,
    actor: ctx.actor,
    parentRunId: parent?.id ?? null,
    lineageId,
    spec,
    token: ctx.entropy(TOKEN_LENGTH),
    queuedAt: now,
    priority: job.priority,
    // Learned from the job's own runs, so the next one begins with what the last one knew.
    usualGapMs: newest?.usualGapMs ?? null,
  });
  return { run, clean, secrets, ...(input.slot === undefined ? {} : { slot: input.slot }) };
}

type Around = {
  readonly lineageId: Run["id"];
  readonly from: StartingPoint;
  readonly newest: Run | null;
  readonly held: HeldSecrets;
};

/** As it will be launched: the kind says what has to be added for it to be stopped and to go on. */
function specOf(
  ctx: StartNeeds,
  job: Job,
  input: StartJob,
  { lineageId, from, newest, held }: Around,
): { readonly spec: RunSpec; readonly secrets: Readonly<Record<string, string>> } {
  const { parent, oldFolder } = from;
  const { args, argsBefore } = argsFor(job, input, parent, newest);
  const { secrets, ...given } = parametersFor(job, { ...input, args }, parent, newest, held);
  // In an old folder its state is where the run before it kept it there, whatever the job's folder is called by now.
  const inFolder = <Spec extends { readonly cwd: string }>(spec: Spec): Spec =>
    oldFolder === null ? spec : { ...spec, cwd: oldFolder };
  const place = {
    lineageFolder: ctx.lineageFolder(job, lineageId),
    parent: parent === null ? null : inFolder(parent.spec),
  };
  const own = { ...toRunSpec(job, args, input.mode === "fresh"), ...given };
  const prepared = kindOf(job.kind).prepare({ ...inFolder(own), argsBefore, oldFolder }, place);
  return { spec: { ...prepared, cwd: job.cwd }, secrets };
}

export function alreadyActive(id: JobId, active: Run): AppError {
  const message = `Job "${id}" already has a run: ${active.id} is ${active.state}. Stop it first, or wait for it.`;
  return new AppError("RUN_ALREADY_ACTIVE", message, { job: id, runId: active.id, state: active.state });
}
