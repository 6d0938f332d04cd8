import type { JobId, RunId } from "./ids";
import type { JobParameters, ParameterValues } from "./parameters";
import { isWithin, resolvePath } from "./paths";
import type { SignalProfile } from "./signal-profile";

export const JOB_KINDS = ["command", "scrapy", "crawlee"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const SILENCE_ACTIONS = ["stop", "flag"] as const;
export type SilenceAction = (typeof SILENCE_ACTIONS)[number];

/** What the periodic check does about a run of the job that is stuck and dead. */
export const STUCK_ACTIONS = ["alert", "clean"] as const;
export type StuckAction = (typeof STUCK_ACTIONS)[number];

/** How a run's output gets into its log: written by itself, through a pipe, or whichever of these its command calls for. */
export const LOG_WAYS = ["auto", "file", "pipe"] as const;
export type LogWay = (typeof LOG_WAYS)[number];

/** All in milliseconds. */
export type Timeouts = {
  readonly startMs: number;
  readonly silenceMs: number;
  /** null: a run may last for ever. */
  readonly maxDurationMs: number | null;
  /** The sum of the waits in `signals`: one truth, which `signals` holds. */
  readonly stopGraceMs: number;
};

/** What the whole tree of a run may use; null: as much as this host gives. */
export type Limits = {
  readonly memoryBytes: number | null;
  readonly openFiles: number | null;
  /** -20 (first) to 19 (last), as nice(1) has it. */
  readonly nice: number | null;
};

export const NO_LIMITS: Limits = { memoryBytes: null, openFiles: null, nice: null };
export const DEFAULT_LOG_CAP_BYTES = 200_000_000;
export const DEFAULT_LOG_ENCODING = "utf-8";

export type Job = {
  readonly id: JobId;
  readonly title: string;
  readonly kind: JobKind;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The user of this host it runs as; null: the dashboard's own. A dashboard of root starts no job that does not say. */
  readonly runAs: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables whose values are written and never read back; only a launch has them. */
  readonly envSecret: readonly string[];
  /** Variables whose values lie elsewhere, by name: `file:/path` or `env:NAME` (env-references.ts). Read at each launch. */
  readonly envFrom: Readonly<Record<string, string>>;
  /** What a start may be given; null: nothing. */
  readonly parameters: JobParameters | null;
  readonly checkpoint: string | null;
  readonly pidFile: string | null;
  readonly timeouts: Timeouts;
  readonly signals: SignalProfile;
  readonly onSilence: SilenceAction;
  readonly locks: readonly string[];
  readonly tags: readonly string[];
  /** Among runs that wait for the same thing the higher goes first; -100 to 100. */
  readonly priority: number;
  readonly limits: Limits;
  /** How much of a run's log is kept; what is beyond is dropped from its beginning, and told. */
  readonly logCapBytes: number;
  readonly logVia: LogWay;
  /** What its log is read as; a name that the Encoding standard knows. The file stays as it is. */
  readonly logEncoding: string;
  /** Whether only those who may start the job read its log, and what its runs said last. */
  readonly privateLog: boolean;
  /** Whether the next boot goes on with a run that was ended because the dashboard was shut down. */
  readonly resumeAfterShutdown: boolean;
  /** Whether a run that did not end well is resumed or restarted by itself. */
  readonly autoRecover: boolean;
  /** From what age a run can be called stuck, in milliseconds. */
  readonly stuckAfterMs: number;
  readonly onStuck: StuckAction;
  readonly enabled: boolean;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export const ARGS_COMPARED = ["same", "changed", "unknown"] as const;

/** What a run keeps of its job: the settings as they were when it was asked for, whatever the job becomes later. */
export type RunSpec = Pick<
  Job,
  | "kind"
  | "argv"
  | "cwd"
  | "runAs"
  | "env"
  | "envSecret"
  | "envFrom"
  | "checkpoint"
  | "pidFile"
  | "timeouts"
  | "signals"
  | "onSilence"
  | "locks"
  | "tags"
  | "limits"
  | "logCapBytes"
  | "logVia"
  | "logEncoding"
  | "stuckAfterMs"
> & {
  /** What it was given after the job's own `argv`; null: not known, as of runs of earlier versions. */
  readonly args: readonly string[] | null;
  /** How they compare with those of the run it goes on from, else of the job's run before; null: there was none. */
  readonly argsBefore: { readonly run: RunId; readonly how: (typeof ARGS_COMPARED)[number] } | null;
  /** What it was given of what its job declares, defaults included; of a secret only that it was, `true`. null: not known, as of runs of earlier versions. */
  readonly parameters: ParameterValues | null;
  /** Names of those that are secret; their values are rows of their own. */
  readonly parametersSecret: readonly string[];
  /** As `argsBefore`, with the names of those that differ. */
  readonly parametersBefore:
    | (NonNullable<RunSpec["argsBefore"]> & { readonly changed: readonly string[] })
    | null;
  /** Start over: the existing checkpoint is moved aside (never deleted) before the program starts. */
  readonly fresh: boolean;
  /** The real folder of the run it goes on from, where it is launched instead of in `cwd`; null: in `cwd`. */
  readonly oldFolder: string | null;
  /** Set for a run a person's own terminal starts: the `unstuck exec` that is to launch it, null when it cannot be seen. */
  readonly byHand: { readonly caller: { readonly pid: number; readonly startTicks: number } | null } | null;
  /** Set for a run that was made out of processes already there: the run they were started as, and the marker they carry. */
  readonly adopted: { readonly run: RunId; readonly marker: string } | null;
};

export function toRunSpec(job: Job, extraArgs: readonly string[], fresh: boolean): RunSpec {
  const { kind, cwd, runAs, env, envSecret, envFrom, checkpoint, pidFile, timeouts } = job;
  const { onSilence, locks, tags, limits } = job;
  const argv = [...job.argv, ...extraArgs];
  return {
    kind,
    argv,
    args: extraArgs,
    argsBefore: null,
    parameters: {},
    parametersSecret: [],
    parametersBefore: null,
    cwd,
    runAs,
    env,
    envSecret,
    envFrom,
    checkpoint,
    pidFile: pidFile === null ? null : resolvePath(cwd, pidFile),
    timeouts,
    signals: job.signals,
    onSilence,
    locks,
    tags,
    limits,
    logCapBytes: job.logCapBytes,
    logVia: job.logVia,
    logEncoding: job.logEncoding,
    stuckAfterMs: job.stuckAfterMs,
    fresh,
    oldFolder: null,
    byHand: null,
    adopted: null,
  };
}

/** `jobFolder`: what the job's own folder really is; null: not known. */
export type ByHand = Pick<Job, "argv" | "cwd"> &
  NonNullable<RunSpec["byHand"]> & { readonly jobFolder: string | null };

/** A run that a person's terminal starts: their program and folder, under the job's locks and settings. */
export function toHandSpec(job: Job, { argv, cwd, caller, jobFolder }: ByHand): RunSpec {
  const checkpoint = checkpointByHand(job, jobFolder);
  return {
    ...toRunSpec(job, [], false),
    argv,
    args: null,
    parameters: null,
    cwd,
    checkpoint,
    byHand: { caller },
  };
}

/**
 * The checkpoint of a run that a terminal launches in any folder: where the job's own is now.
 * @param folder what the job's folder really is; null: not known
 */
function checkpointByHand(
  { cwd, checkpoint }: Pick<Job, "cwd" | "checkpoint">,
  folder: string | null,
): string | null {
  if (checkpoint === null) return null;
  return resolvePath(isWithin(checkpoint) ? (folder ?? cwd) : cwd, checkpoint);
}

/**
 * Every lock a run of this job needs: the job's own first, then the shared ones, sorted so that all runs agree on an order,
 * then its pid file, which it may share with other jobs.
 * @param pidFile absolute
 */
export function lockNames(
  jobId: JobId,
  shared: readonly string[],
  pidFile: string | null = null,
): readonly string[] {
  const others = [...new Set(shared)].sort();
  const file = pidFile === null ? [] : [`pidfile:${pidFile}`];
  return [`job:${jobId}`, ...others.map((name) => `shared:${name}`), ...file];
}
