import {
  type EnvironmentSource,
  type EnvironmentUse,
  handedOn,
  type MissingVariable,
} from "@/lib/domain/environment";
import type { JobId, RunId } from "@/lib/domain/ids";
import { type Job, type RunSpec, toRunSpec } from "@/lib/domain/job";
import { namesOf, variableOf } from "@/lib/domain/parameters";
import { resolvePath } from "@/lib/domain/paths";
import type { EnvironmentHere } from "@/lib/domain/ports/environment";
import type { Here, Machine } from "@/lib/domain/ports/host";
import { asUser } from "@/lib/domain/run-as";
import { holdsCredentials, looksSecret } from "@/lib/domain/secret-names";
import { kindOf } from "@/lib/kinds/kinds";
import { type FindJob, getJob } from "@/lib/services/commands/get-job";
import type { EnvironmentNeeds } from "./show-environment";

type Needs = FindJob &
  EnvironmentNeeds &
  Pick<EnvironmentHere, "door"> &
  Pick<Here, "lineageFolder" | "runAs"> &
  Pick<Machine, "account">;

/** `value` null: not shown, or not known before there is a run. */
export type ShownVariable = {
  readonly name: string;
  readonly value: string | null;
  readonly from: EnvironmentSource;
  readonly hidden: "secret" | "credentials" | "each_run" | null;
};

export type JobEnvironment = {
  readonly job: JobId;
  readonly use: EnvironmentUse;
  readonly variables: readonly ShownVariable[];
  readonly missing: readonly MissingVariable[];
};

/** Stands for the run that does not exist yet. */
const NO_RUN = "run_" as RunId;

/**
 * Every variable a run of this job would be given if it were started now, and where it comes from.
 * @throws AppError JOB_NOT_FOUND
 */
export async function jobEnvironment(ctx: Needs, id: JobId): Promise<JobEnvironment> {
  const job = await getJob(ctx, id);
  const policy = await ctx.environmentPolicy();
  const { variables, missing } = handedOn(ctx.hostEnvironment, ctx.inheritPatterns, policy);
  const lineageFolder = ctx.lineageFolder(job, NO_RUN);
  const spec = kindOf(job.kind).prepare(toRunSpec(job, [], false), { lineageFolder, parent: null });
  const shown = new Map<string, ShownVariable>();
  const add = (one: ShownVariable) => shown.set(one.name, one);
  for (const { name, value, from } of variables) add(handedVariable(name, value, from));
  await addUsers(ctx, job, shown);
  for (const [name, value] of Object.entries(spec.env))
    add(
      Object.hasOwn(job.env, name)
        ? plain(name, value, "job")
        : ofEachRun(name, value, "kind", lineageFolder),
    );
  for (const name of job.envSecret) add({ name, value: null, from: "secret", hidden: "secret" });
  for (const name of Object.keys(job.envFrom))
    add({ name, value: null, from: "reference", hidden: "secret" });
  for (const name of namesOf(job.parameters))
    add({ name: variableOf(name), value: null, from: "unstuck", hidden: "each_run" });
  for (const [name, value] of Object.entries(ownVariables(ctx, id, spec)))
    add(ofEachRun(name, value, "unstuck", lineageFolder));
  const byName = [...shown.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  // What the job sets itself it does not lack.
  const lacking = missing.filter(({ name }) => !shown.has(name));
  return { job: id, use: policy.use, variables: byName, missing: lacking };
}

/** What a user of its own has instead of the dashboard's; unknown while this host has no such user. */
async function addUsers(ctx: Needs, { runAs }: Job, shown: Map<string, ShownVariable>): Promise<void> {
  if (runAs === null || runAs === ctx.runAs.me) return;
  const account = await ctx.account(runAs).catch(() => null);
  shown.delete("TMPDIR");
  for (const name of ["HOME", "USER", "LOGNAME", "SHELL"]) shown.delete(name);
  if (account === null) return;
  for (const [name, value] of Object.entries(asUser({}, account)))
    shown.set(name, plain(name, value, "base"));
}

function plain(name: string, value: string, from: EnvironmentSource): ShownVariable {
  return { name, value, from, hidden: null };
}

/** What the dashboard was started with was never shown to anyone; what looks like a password there stays so. */
function handedVariable(name: string, value: string, from: EnvironmentSource): ShownVariable {
  if (from === "base" || !(looksSecret(name) || holdsCredentials(value))) return plain(name, value, from);
  return { name, value: null, from, hidden: "credentials" };
}

function ofEachRun(
  name: string,
  value: string | null,
  from: EnvironmentSource,
  lineageFolder: string,
): ShownVariable {
  if (value !== null && !value.startsWith(lineageFolder)) return plain(name, value, from);
  return { name, value: null, from, hidden: "each_run" };
}

/** As lib/supervisor/launch/launch.ts sets them; null: another one for each run. UNSTUCK_RESUME comes where a run goes on from another. */
function ownVariables(
  { door }: Pick<Needs, "door">,
  job: JobId,
  { cwd, checkpoint }: RunSpec,
): Record<string, string | null> {
  return {
    UNSTUCK_RUN: null,
    UNSTUCK_RUN_ID: null,
    UNSTUCK_RUN_TOKEN: null,
    UNSTUCK_PROGRESS_FILE: null,
    UNSTUCK_FENCE: null,
    UNSTUCK_FENCES: null,
    UNSTUCK_JOB: job,
    UNSTUCK_URL: door.url,
    ...(checkpoint === null ? {} : { UNSTUCK_CHECKPOINT: resolvePath(cwd, checkpoint) }),
  };
}
