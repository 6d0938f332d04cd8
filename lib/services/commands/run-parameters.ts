import { fillArgv } from "@/lib/domain/argv-placeholders";
import { AppError } from "@/lib/domain/errors";
import type { Job, RunSpec } from "@/lib/domain/job";
import { readValues } from "@/lib/domain/parameter-values";
import {
  findParameter,
  isSecret,
  type ParameterIssue,
  type ParameterValue,
  type ParameterValues,
  textOf,
} from "@/lib/domain/parameters";
import type { HeldSecrets, Runs } from "@/lib/domain/ports/runs";
import type { Run, RunTrigger } from "@/lib/domain/run";
import { keptFrom } from "./run-args";

type Asked = {
  readonly args?: readonly string[] | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly trigger: RunTrigger;
};

/** What of a new run comes from its parameters. `secrets` are sealed with the run, and are nowhere in its spec. */
export type RunParameters = Pick<RunSpec, "argv" | "parameters" | "parametersSecret" | "parametersBefore"> & {
  readonly secrets: Readonly<Record<string, string>>;
};

/** The secrets of the run that a new one may repeat. */
export async function heldBy(ctx: Pick<Runs, "secretParameters">, run: Run | null): Promise<HeldSecrets> {
  return run === null || run.spec.parametersSecret.length === 0 ? {} : ctx.secretParameters(run.id);
}

/**
 * The parameters of a new run, and its command with them. A run that goes on from another, or repeats it, keeps that one's: what it
 * left belongs to them. They are checked against what the job declares now.
 * @param parent the run it goes on from
 * @param args what stands after the command, already decided
 * @param held the secrets of the newest run
 * @throws AppError PARAMETERS_REFUSED, PARAMETERS_DIFFER, SECRET_UNREADABLE
 */
export function parametersFor(
  job: Job,
  { args = [], parameters: given = {}, trigger }: Asked,
  parent: Run | null,
  newest: Run | null,
  held: HeldSecrets,
): RunParameters {
  const kept = keptFrom(trigger, parent, newest);
  const keptValues = kept === null ? null : openedValues(kept, held);
  const revealed = kept === null ? [] : revealedNow(job, kept, given);
  // Not even to be checked: what is wrong with a value that is no password is told with the value.
  const readable = Object.entries(keptValues ?? {}).filter(([name]) => !revealed.includes(name));
  const { values, issues } = readValues(job.parameters, { ...Object.fromEntries(readable), ...given });
  const others = issues.filter(({ path }) => !revealed.includes(path));
  refuse(job, kept, [...others, ...revealed.map((path) => ({ path, message: NO_PASSWORD_ANY_MORE }))]);
  if (parent !== null && keptValues !== null) refuseOthers(job, parent, keptValues, given);
  const filled = fillArgv(job, values, args);
  refuse(job, kept, filled.issues);
  const secret = Object.entries(values).filter(([name]) => isSecretOf(job, name));
  const parametersSecret = secret.map(([name]) => name);
  return {
    argv: filled.argv,
    parameters: hidden(values, parametersSecret),
    parametersSecret,
    parametersBefore: comparison(values, kept, parent ?? newest, held),
    secrets: Object.fromEntries(secret.map(([name, value]) => [name, textOf(value)])),
  };
}

function isSecretOf({ parameters }: Job, name: string): boolean {
  const parameter = findParameter(parameters, name);
  return parameter !== null && isSecret(parameter);
}

function hidden(values: ParameterValues, secret: readonly string[]): ParameterValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, secret.includes(name) ? true : value]),
  );
}

/** null: what it was given is not known. @throws AppError SECRET_UNREADABLE */
function openedValues({ id, spec }: Run, held: HeldSecrets): ParameterValues | null {
  if (spec.parameters === null) return null;
  const secrets = spec.parametersSecret.map((name): [string, ParameterValue] => {
    const value = Object.hasOwn(held, name) ? held[name] : null;
    if (typeof value === "string") return [name, value];
    throw new AppError(
      "SECRET_UNREADABLE",
      `The value of ${name} that run ${id} was given was sealed with another key than the one that is here. Put the key file back, or start over and give it again.`,
      { runId: id, parameter: name },
    );
  });
  return { ...spec.parameters, ...Object.fromEntries(secrets) };
}

/** A value that was given as a secret is not shown because the job has changed its mind. */
function revealedNow(job: Job, { spec }: Run, given: Readonly<Record<string, unknown>>): readonly string[] {
  return spec.parametersSecret
    .filter((name) => findParameter(job.parameters, name) !== null)
    .filter((name) => !isSecretOf(job, name) && !Object.hasOwn(given, name));
}

const NO_PASSWORD_ANY_MORE = "was given as a password, and is none any more";

function refuse(job: Job, kept: Run | null, issues: readonly ParameterIssue[]): void {
  if (issues.length === 0) return;
  const told = issues.slice(0, 5).map(issueWords).join("; ");
  const message =
    kept === null
      ? `Job "${job.id}" cannot be started with these parameters: ${told}. Nothing was changed.`
      : `What run ${kept.id} was given does not fit what job "${job.id}" declares now: ${told}. Start over with values that fit, or change the job.`;
  throw new AppError("PARAMETERS_REFUSED", message, { job: job.id, issues });
}

function issueWords({ path, message }: ParameterIssue): string {
  if (path === "") return message;
  return /^(?:is|was) /.test(message) ? `${path} ${message}` : `${path}: ${message}`;
}

/**
 * Values for a run that goes on from another have to be that one's. One that it could not have been given, since its job has required it
 * only since, is no other.
 */
function refuseOthers(
  job: Job,
  parent: Run,
  kept: ParameterValues,
  given: Readonly<Record<string, unknown>>,
): void {
  const others = Object.entries(given).filter(([name, value]) => {
    if (Object.hasOwn(kept, name)) return kept[name] !== value;
    return job.parameters?.required.includes(name) !== true;
  });
  if (others.length === 0) return;
  const had = others.map(([name]) => {
    if (isSecretOf(job, name) || parent.spec.parametersSecret.includes(name)) return `another ${name}`;
    return Object.hasOwn(kept, name) ? `${name}=${textOf(kept[name] ?? "").slice(0, 80)}` : `no ${name}`;
  });
  throw new AppError(
    "PARAMETERS_DIFFER",
    `Run ${parent.id} stopped half-way with ${had.join(", ")}, and what it left belongs to that. Resume it as it is, without other parameters, or start over with them.`,
    { job: job.id, runId: parent.id, differ: others.map(([name]) => name) },
  );
}

/** As with arguments: what is neither kept nor known is nothing to tell. */
function comparison(
  values: ParameterValues,
  kept: Run | null,
  before: Run | null,
  held: HeldSecrets,
): RunSpec["parametersBefore"] {
  if (before === null) return null;
  const { parameters, parametersSecret } = before.spec;
  if (parameters === null)
    return kept === null || Object.keys(values).length === 0
      ? null
      : { run: before.id, how: "unknown", changed: [] };
  const valueBefore = (name: string) => {
    const from = parametersSecret.includes(name) ? held : parameters;
    return Object.hasOwn(from, name) ? from[name] : undefined;
  };
  const names = [...new Set([...Object.keys(parameters), ...Object.keys(values)])];
  if (names.length === 0) return null;
  const changed = names.filter(
    (name) => valueBefore(name) !== (Object.hasOwn(values, name) ? values[name] : undefined),
  );
  return { run: before.id, how: changed.length === 0 ? "same" : "changed", changed };
}
