import { CreateJobBody, type CreateJobInput, type JobView } from "@/lib/contracts/job";
import { JOB_ID_PATTERN, parseJobId } from "@/lib/domain/ids";
import { DEFAULT_LOG_CAP_BYTES, type JobKind, type SilenceAction, type StuckAction } from "@/lib/domain/job";
import { SHORTEST_SAFE_AGE_MS } from "@/lib/domain/plan";
import { formatCommandLine, parseCommandLine } from "./command-line";
import { formatDurationText, parseDurationText } from "./duration-text";
import { type EnvRow, readEnvRows, toEnvRows } from "./env-rows";
import type { FieldIssue } from "./problem";
import { formatSizeText, parseSizeText } from "./size-text";

/** The form as it is typed: everything is text until it is read. */
export type JobFormValues = {
  id: string;
  title: string;
  kind: JobKind;
  command: string;
  cwd: string;
  env: EnvRow[];
  checkpoint: string;
  pidFile: string;
  startMs: string;
  silenceMs: string;
  maxDurationMs: string;
  stopGraceMs: string;
  onSilence: SilenceAction;
  locks: string;
  tags: string;
  priority: string;
  memoryBytes: string;
  openFiles: string;
  nice: string;
  logCapBytes: string;
  resumeAfterShutdown: boolean;
  autoRecover: boolean;
  stuckAfterMs: string;
  allowShort: boolean;
  onStuck: StuckAction;
  enabled: boolean;
};
export type JobField = keyof JobFormValues;

export type FormIssue = { readonly field: JobField; readonly message: string };
/** A new job has nothing to take away. */
export type JobFormBody = CreateJobInput & { envRemove?: string[] };
export type FormReading =
  | { readonly ok: true; readonly body: JobFormBody }
  | { readonly ok: false; readonly issues: readonly FormIssue[] };

export const EMPTY_JOB: JobFormValues = {
  id: "",
  title: "",
  kind: "command",
  command: "",
  cwd: "",
  env: [],
  checkpoint: "",
  pidFile: "",
  startMs: "1 min",
  silenceMs: "10 min",
  maxDurationMs: "",
  // Blank: what is usual for the kind.
  stopGraceMs: "",
  onSilence: "stop",
  locks: "",
  tags: "",
  priority: "0",
  memoryBytes: "",
  openFiles: "",
  nice: "",
  logCapBytes: formatSizeText(DEFAULT_LOG_CAP_BYTES),
  resumeAfterShutdown: false,
  autoRecover: false,
  stuckAfterMs: "1 d",
  allowShort: false,
  onStuck: "alert",
  enabled: true,
};

export function toFormValues(job: JobView): JobFormValues {
  const { timeouts, limits } = job;
  return {
    id: job.id,
    title: job.title,
    kind: job.kind,
    command: formatCommandLine(job.argv),
    cwd: job.cwd,
    env: toEnvRows(job),
    checkpoint: job.checkpoint ?? "",
    pidFile: job.pidFile ?? "",
    startMs: formatDurationText(timeouts.startMs),
    silenceMs: formatDurationText(timeouts.silenceMs),
    maxDurationMs: timeouts.maxDurationMs === null ? "" : formatDurationText(timeouts.maxDurationMs),
    stopGraceMs: formatDurationText(timeouts.stopGraceMs),
    onSilence: job.onSilence,
    locks: job.locks.join(" "),
    tags: job.tags.join(" "),
    priority: String(job.priority),
    memoryBytes: limits.memoryBytes === null ? "" : formatSizeText(limits.memoryBytes),
    openFiles: limits.openFiles === null ? "" : String(limits.openFiles),
    nice: limits.nice === null ? "" : String(limits.nice),
    logCapBytes: formatSizeText(job.logCapBytes),
    resumeAfterShutdown: job.resumeAfterShutdown,
    autoRecover: job.autoRecover,
    stuckAfterMs: formatDurationText(job.stuckAfterMs),
    // It was allowed when it was set.
    allowShort: job.stuckAfterMs < SHORTEST_SAFE_AGE_MS,
    onStuck: job.onStuck,
    enabled: job.enabled,
  };
}

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
    kind: values.kind,
    ...(variables as Pick<CreateJobInput, "env" | "envSecret">),
    checkpoint: orNull(values.checkpoint),
    pidFile: orNull(values.pidFile),
    timeouts: readTimeouts(values, issues),
    onSilence: values.onSilence,
    locks: words(values.locks),
    tags: words(values.tags),
    priority: readWhole("priority", values.priority, issues) ?? 0,
    limits: readLimits(values, issues),
    logCapBytes: readSize("logCapBytes", values.logCapBytes, issues) ?? DEFAULT_LOG_CAP_BYTES,
    resumeAfterShutdown: values.resumeAfterShutdown,
    autoRecover: values.autoRecover,
    ...readStuckAfter(values, issues),
    onStuck: values.onStuck,
    enabled: values.enabled,
    ...(values.title.trim() === "" ? {} : { title: values.title }),
    ...(values.cwd.trim() === "" ? {} : { cwd: values.cwd.trim() }),
  };
  const id = idProblem(body.id);
  if (id !== null) issues.push({ field: "id", message: id });
  const checked = CreateJobBody.safeParse(body);
  if (!checked.success) {
    const found = checked.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    issues.push(
      ...toFormIssues(found).onFields.filter(({ field }) => issues.every((issue) => issue.field !== field)),
    );
  }
  if (issues.length > 0) return { ok: false, issues };
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

const FIELD_OF_PATH: Readonly<Record<string, JobField>> = {
  id: "id",
  title: "title",
  kind: "kind",
  argv: "command",
  cwd: "cwd",
  env: "env",
  envSecret: "env",
  envRemove: "env",
  checkpoint: "checkpoint",
  pidFile: "pidFile",
  onSilence: "onSilence",
  locks: "locks",
  tags: "tags",
  priority: "priority",
  logCapBytes: "logCapBytes",
  resumeAfterShutdown: "resumeAfterShutdown",
  autoRecover: "autoRecover",
  stuckAfterMs: "stuckAfterMs",
  allowShort: "allowShort",
  onStuck: "onStuck",
  enabled: "enabled",
  "limits.memoryBytes": "memoryBytes",
  "limits.openFiles": "openFiles",
  "limits.nice": "nice",
  "timeouts.startMs": "startMs",
  "timeouts.silenceMs": "silenceMs",
  "timeouts.maxDurationMs": "maxDurationMs",
  "timeouts.stopGraceMs": "stopGraceMs",
};

/** Wire paths (`argv.0`, `timeouts.silenceMs`) → the fields on screen; what belongs to none is left over. */
export function toFormIssues(issues: readonly FieldIssue[]): {
  onFields: readonly FormIssue[];
  leftOver: readonly FieldIssue[];
} {
  const onFields: FormIssue[] = [];
  const leftOver: FieldIssue[] = [];
  for (const issue of issues) {
    const [first = "", second = ""] = issue.path.split(".");
    const field = FIELD_OF_PATH[`${first}.${second}`] ?? FIELD_OF_PATH[first];
    if (field === undefined) leftOver.push(issue);
    else onFields.push({ field, message: issueText(issue, first, second) });
  }
  return { onFields, leftOver };
}

/** Below a field that holds many values, name the one that is meant. */
function issueText({ message }: FieldIssue, first: string, second: string): string {
  const sentence = capitalised(message);
  return ["env", "envSecret"].includes(first) && second !== "" ? `${second}: ${message}` : sentence;
}

const TIMEOUT_FIELDS = ["startMs", "silenceMs", "stopGraceMs"] as const;

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
  if (ms === null)
    issues.push({
      field,
      message: `Expected a length of time such as 90 s, 10 min or 1 h 30 min, found “${text.trim()}”.`,
    });
  return ms;
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

function orNull(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

function words(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
