import { issuesOf } from "@/lib/contracts/issues";
import { CreateJobBody, type CreateJobInput } from "@/lib/contracts/job";
import { JOB_ID_PATTERN, parseJobId } from "@/lib/domain/ids";
import { DEFAULT_LOG_CAP_BYTES, DEFAULT_LOG_ENCODING } from "@/lib/domain/job";
import { SHORTEST_SAFE_AGE_MS } from "@/lib/domain/plan";
import { profileProblem } from "@/lib/domain/signals";
import { parseCommandLine } from "./command-line";
import { parseDurationText } from "./duration-text";
import { parseEnvFrom } from "./env-from-lines";
import { readEnvRows } from "./env-rows";
import { toFormIssues } from "./job-form-issues";
import {
  AS_THEY_ARE,
  EMPTY_JOB,
  type FormIssue,
  type JobField,
  type JobFormValues,
  OPTIONAL_TEXTS,
  type OptionalText,
  picked,
} from "./job-form-values";
import { readParameterRows } from "./parameter-rows";
import { readSignalRows } from "./signal-rows";
import { parseSizeText } from "./size-text";

export type JobFormBody = CreateJobInput & { envRemove?: string[] };
export type FormReading =
  | { readonly ok: true; readonly body: JobFormBody }
  | { readonly ok: false; readonly issues: readonly FormIssue[] };

/**
 * Reads the whole form; all problems at once.
 * @param before what it was filled with: of the variables only what has changed since is sent
 */
export function readJobForm(values: JobFormValues, before: JobFormValues = EMPTY_JOB): FormReading {
  const issues: FormIssue[] = [];
  const command = parseCommandLine(values.command);
  if (command.problem !== null) issues.push({ field: "command", message: command.problem });
  const env = readEnvRows(values.env, before.env);
  if (env.problem !== null) issues.push({ field: "env", message: env.problem });
  const { envRemove, ...variables } = env.change;
  const body: CreateJobInput = {
    id: values.id.trim(),
    argv: [...command.argv],
    ...picked(values, AS_THEY_ARE),
    ...nullable(values),
    ...(variables as Pick<CreateJobInput, "env" | "envSecret">),
    envFrom: readEnvFrom(values.envFrom, issues),
    parameters: readParameters(values, issues),
    timeouts: readTimeouts(values, issues),
    signals: readSignals(values, issues),
    locks: words(values.locks),
    tags: words(values.tags),
    priority: readWhole("priority", values.priority, issues) ?? 0,
    limits: readLimits(values, issues),
    logCapBytes: readSize("logCapBytes", values.logCapBytes, issues) ?? DEFAULT_LOG_CAP_BYTES,
    logEncoding: values.logEncoding.trim() === "" ? DEFAULT_LOG_ENCODING : values.logEncoding,
    ...readStuckAfter(values, issues),
    ...(values.title.trim() === "" ? {} : { title: values.title }),
    ...(values.cwd.trim() === "" ? {} : { cwd: values.cwd.trim() }),
  };
  const id = idProblem(body.id);
  if (id !== null) issues.push({ field: "id", message: id });
  const checked = CreateJobBody.safeParse(body);
  if (!checked.success) {
    const found = issuesOf(checked.error);
    issues.push(
      ...toFormIssues(found).onFields.filter(({ field }) => issues.every((issue) => issue.field !== field)),
    );
  }
  // What was there already and is only shown keeps nothing from being saved.
  const told = before.id === "" ? issues : issues.filter(({ field }) => values[field] !== before[field]);
  if (told.length > 0) return { ok: false, issues: told };
  return { ok: true, body: { ...body, ...(envRemove === undefined ? {} : { envRemove: [...envRemove] }) } };
}

/** The same rule as the server's, in words for the person who types. */
function idProblem(id: string): string | null {
  if (id === "") return "Expected an id, such as shop-nightly.";
  if (!JOB_ID_PATTERN.test(id)) {
    return "Expected small letters, digits and . _ - (63 at most), with a letter or digit first.";
  }
  return parseJobId(id) === null
    ? `“${id}” is a name Unstuck keeps for its own files. Choose another.`
    : null;
}

function readEnvFrom(text: string, issues: FormIssue[]): NonNullable<CreateJobInput["envFrom"]> {
  const { envFrom, problem } = parseEnvFrom(text);
  if (problem !== null) issues.push({ field: "envFrom", message: problem });
  return envFrom;
}

function readParameters(
  values: JobFormValues,
  issues: FormIssue[],
): NonNullable<CreateJobInput["parameters"]> | null {
  const { parameters, problem } = readParameterRows(values.parameters);
  if (problem !== null) issues.push({ field: "parameters", message: problem });
  return parameters;
}

function readSignals(values: JobFormValues, issues: FormIssue[]): NonNullable<CreateJobInput["signals"]> {
  const { sequence, wrong } = readSignalRows(values.kind, values);
  const field = values.signals.length === 0 ? "stopGraceMs" : "signals";
  const problem = profileProblem(values.kind, { sequence });
  if (wrong !== null) issues.push({ field, message: notADuration(wrong) });
  else if (problem !== null)
    issues.push({ field, message: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.` });
  return { to: values.signalsTo, sequence };
}

const TIMEOUT_FIELDS = ["startMs", "silenceMs"] as const;

function readTimeouts(values: JobFormValues, issues: FormIssue[]): NonNullable<CreateJobInput["timeouts"]> {
  const timeouts: NonNullable<CreateJobInput["timeouts"]> = {};
  for (const field of TIMEOUT_FIELDS) {
    if (values[field].trim() === "") continue;
    const ms = readDuration(field, values[field], issues);
    if (ms !== null) timeouts[field] = ms;
  }
  timeouts.maxDurationMs =
    values.maxDurationMs.trim() === "" ? null : readDuration("maxDurationMs", values.maxDurationMs, issues);
  return timeouts;
}

function readDuration(field: JobField, text: string, issues: FormIssue[]): number | null {
  const ms = parseDurationText(text);
  if (ms === null) issues.push({ field, message: notADuration(text) });
  return ms;
}

function notADuration(text: string): string {
  return `Expected a length of time such as 90 s, 10 min or 1 h 30 min, found “${text.trim()}”.`;
}

/** A blank leaves the default. A threshold that calls slow runs dead is only read with its tick. */
function readStuckAfter(
  { stuckAfterMs: text, allowShort }: JobFormValues,
  issues: FormIssue[],
): Pick<CreateJobInput, "stuckAfterMs" | "allowShort"> {
  if (text.trim() === "") return {};
  const stuckAfterMs = readDuration("stuckAfterMs", text, issues);
  if (stuckAfterMs === null) return {};
  if (stuckAfterMs >= SHORTEST_SAFE_AGE_MS) return { stuckAfterMs };
  if (allowShort) return { stuckAfterMs, allowShort };
  issues.push({
    field: "stuckAfterMs",
    message:
      "Below 12 h a run that is merely slow is taken for dead. Tick “Allow less than 12 h” to keep it.",
  });
  return { stuckAfterMs };
}

function readLimits(values: JobFormValues, issues: FormIssue[]): NonNullable<CreateJobInput["limits"]> {
  return {
    memoryBytes: readSize("memoryBytes", values.memoryBytes, issues),
    openFiles: readWhole("openFiles", values.openFiles, issues),
    nice: readWhole("nice", values.nice, issues),
  };
}

/** null for a blank field, which means "no limit" or the default; and for one that is wrong, which is told. */
function readSize(field: JobField, text: string, issues: FormIssue[]): number | null {
  if (text.trim() === "") return null;
  const bytes = parseSizeText(text);
  if (bytes === null)
    issues.push({ field, message: `Expected a size such as 512 MB or 2 GB, found “${text.trim()}”.` });
  return bytes;
}

function readWhole(field: JobField, text: string, issues: FormIssue[]): number | null {
  if (text.trim() === "") return null;
  if (/^[+-]?\d{1,12}$/.test(text.trim())) return Number(text);
  issues.push({ field, message: `Expected a whole number, found “${text.trim()}”.` });
  return null;
}

function nullable(values: JobFormValues): Record<OptionalText, string | null> {
  const read = OPTIONAL_TEXTS.map((name) => [name, values[name].trim() === "" ? null : values[name].trim()]);
  return Object.fromEntries(read) as Record<OptionalText, string | null>;
}

function words(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))];
}
