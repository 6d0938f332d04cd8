/**
 * What a run is handed of the environment the dashboard was started in: a short base, what `UNSTUCK_INHERIT` lets through, and in a
 * data folder that is older than this rule a recorded list of names (docs/decisions/0027-environment-of-runs.md).
 */

/** Where a variable of a run comes from. A later one wins over an earlier one. */
export const ENVIRONMENT_SOURCES = [
  "base",
  "inherited",
  "recorded",
  "kind",
  "job",
  "secret",
  "reference",
  "unstuck",
] as const;
export type EnvironmentSource = (typeof ENVIRONMENT_SOURCES)[number];

export type Variables = Readonly<Record<string, string>>;

export const ENVIRONMENT_USES = ["short", "recorded"] as const;
/** `recorded`: the names on the list are handed on too. */
export type EnvironmentUse = (typeof ENVIRONMENT_USES)[number];
export type EnvironmentPolicy = {
  readonly use: EnvironmentUse;
  readonly names: readonly string[];
  /** Epoch milliseconds; null: there never was a list. */
  readonly recordedAt: number | null;
};

/** What this dashboard could hand on. */
export type HostEnvironment = {
  readonly base: Variables;
  /** What else it was started with, without what is never handed on. */
  readonly others: Variables;
  /** What `.env` added. It is for Unstuck itself; only the recorded list hands it on, because earlier versions did. */
  readonly dotEnv: Variables;
};

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const BASE = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|TZ|TMPDIR|LC_[A-Z]+|PYTHONUNBUFFERED)$/;
/** As docs/supervision.md lists them. */
export const BASE_NAMES = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_*",
  "TZ",
  "TMPDIR",
  "PYTHONUNBUFFERED",
];

const OURS = /^(UNSTUCK_|NEXT_|__NEXT|PORT$|HOST$|NODE_ENV$|NODE_OPTIONS$|NODE_CHANNEL_|NODE_UNIQUE_ID$)/;
const NPM = /^(npm_|NODE_RUN_|INIT_CWD$|COLOR$|NODE$)/;
/** What systemd says to the service itself: a program that takes a watchdog or a socket for its own does harm with it. */
const SYSTEMD =
  /^(NOTIFY_SOCKET|LISTEN_(FDS|PID|FDNAMES|PIDFDID)|FDSTORE|CREDENTIALS_DIRECTORY|WATCHDOG_(USEC|PID)|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_.+|MEMORY_PRESSURE_(WATCH|WRITE)|MANAGERPID|MANAGERPIDFDID|MAINPID|PIDFILE|TRIGGER_.+|MONITOR_.+|SERVICE_RESULT|EXIT_CODE|EXIT_STATUS|REMOTE_(ADDR|PORT))$/;
/** True of the shell that started the dashboard, and of no run. */
const SHELL = /^(_|PWD|OLDPWD|SHLVL)$/;

/** Names that a POSIX shell keeps for itself in at least one of dash, bash and busybox: their values would not arrive as they were given. */
const KEPT_BY_SHELLS =
  /^(_|OPTIND|PPID|LINENO|RANDOM|SRANDOM|SECONDS|EPOCH(SECONDS|REALTIME)|E?UID|GROUPS|HISTCMD|DIRSTACK|FUNCNAME|SHELLOPTS|BASHOPTS|BASHPID|BASH_(ARGV0|ARGC|ARGV|COMMAND|SUBSHELL|VERSINFO|VERSION|LINENO|SOURCE|ALIASES|CMDS|XTRACEFD|COMPAT)|COMP_WORDBREAKS|SHLVL)$/;

/** Whether a program finds under this name what its job gave it: the launcher between the two is a shell. */
export function isCarried(name: string): boolean {
  return NAME.test(name) && !KEPT_BY_SHELLS.test(name);
}

/** Whether a variable may never be handed on, whatever list it stands on. A job can still set it in its `env`. */
export function isNeverHandedOn(name: string): boolean {
  return OURS.test(name) || NPM.test(name) || SYSTEMD.test(name) || SHELL.test(name);
}

/**
 * @param started the environment as it was before `.env` was read
 * @param dotEnv what `.env` added
 * @param filledIn for what the base needs and the environment lacks
 * @param root Unstuck's own folder, whose tools are not for runs
 */
export function sortEnvironment(
  { started, dotEnv }: { readonly started: Variables; readonly dotEnv: Variables },
  filledIn: Variables,
  root: string,
): HostEnvironment {
  const handedOn = Object.entries(started).filter(([name]) => !isNeverHandedOn(name));
  const base = Object.fromEntries(handedOn.filter(([name]) => BASE.test(name)));
  const byNpm = Object.keys(started).some((name) => name.startsWith("npm_"));
  return {
    base: { ...filledIn, ...withoutEmpty(base), PATH: sanePath(pathBefore(started, root), root, byNpm) },
    // npm sets EDITOR for what it starts.
    others: pick(handedOn, (name) => !BASE.test(name) && !(byNpm && name === "EDITOR")),
    dotEnv: pick(Object.entries(dotEnv), (name) => name !== "PATH" && !isNeverHandedOn(name)),
  };
}

function pick(entries: readonly (readonly [string, string])[], wanted: (name: string) => boolean): Variables {
  return Object.fromEntries(entries.filter(([name]) => wanted(name)));
}

/** An empty HOME or USER is as good as none; an empty LANG or TZ says something. */
function withoutEmpty(variables: Variables): Variables {
  const need = ["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR"];
  return pick(Object.entries(variables), (name) => variables[name] !== "" || !need.includes(name));
}

const SYSTEM_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
/** Without these no shell script works, ours included. */
const NEEDED = ["/usr/local/bin", "/usr/bin", "/bin"];

/**
 * The dashboard's PATH without what npm put in front of it and without Unstuck's own tools. Relative and empty entries, which
 * would mean another folder for every run, are left out, and the system's own folders are there in any case.
 */
export function sanePath(path: string, root: string, byNpm: boolean): string {
  // Ours first: the Node a test was brought stands in front of what npm has put there, or in the middle of it.
  const others = path.split(":").filter((entry) => !isOwnTools(entry, root));
  const entries = (byNpm ? others.slice(addedByNpm(others)) : others).filter((entry) =>
    entry.startsWith("/"),
  );
  if (entries.length === 0) return SYSTEM_PATH.join(":");
  return [...new Set([...entries, ...NEEDED])].join(":");
}

/** The PATH that `node --run` was called with: it puts the `.bin` of the package's folder and of every folder above in front. */
function pathBefore({ PATH = "", NODE_RUN_SCRIPT_NAME }: Variables, root: string): string {
  if (NODE_RUN_SCRIPT_NAME === undefined) return PATH;
  const entries = PATH.split(":");
  const own = entries.findIndex((entry) => !isAbove(entry, root));
  return entries.slice(own === -1 ? entries.length : own).join(":");
}

function isAbove(entry: string, root: string): boolean {
  return NPM_FOLDER.test(entry) && `${root}/`.startsWith(entry.replace(/node_modules\/\.bin$/, ""));
}

const NPM_FOLDER = /\/node_modules\/\.bin$/;
const NODE_GYP = /\/node-gyp-bin$/;

/** npm puts the `.bin` of every folder up to the root in front, and its node-gyp behind them; a start in a start does it twice. */
function addedByNpm(entries: readonly string[]): number {
  const first = entries.findIndex((entry) => !NPM_FOLDER.test(entry) && !NODE_GYP.test(entry));
  const leading = first === -1 ? entries : entries.slice(0, first);
  const lastGyp = leading.findLastIndex((entry) => NODE_GYP.test(entry));
  return lastGyp === -1 ? leading.length : lastGyp + 1;
}

function isOwnTools(entry: string, root: string): boolean {
  return [`${root}/node_modules`, `${root}/.node`].some(
    (own) => entry === own || entry.startsWith(`${own}/`),
  );
}

/** A name, or the beginning of names followed by `*`. */
export type InheritPattern = string;

const PATTERN = /^[A-Za-z_][A-Za-z0-9_]*\*?$/;

/** Reads `UNSTUCK_INHERIT`: names and `PREFIX_*`, separated by commas or blanks. */
export function parseInherit(text: string): {
  readonly patterns: readonly InheritPattern[];
  readonly problems: readonly string[];
} {
  const patterns = [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))];
  return { patterns, problems: patterns.map(inheritProblem).filter((problem) => problem !== null) };
}

const EXAMPLE = "Example: UNSTUCK_INHERIT=HTTPS_PROXY,AWS_*";

function inheritProblem(pattern: InheritPattern): string | null {
  const found = `found "${pattern.slice(0, 80)}"`;
  if (!PATTERN.test(pattern)) return `expected names and PREFIX_*, ${found}. ${EXAMPLE}`;
  // `NODE_*` names some that may be handed on; `npm_*` names none.
  const name = pattern.endsWith("*") ? `${pattern.slice(0, -1)}x` : pattern;
  if (!isNeverHandedOn(name)) return null;
  return `${pattern} is never passed on to runs: it belongs to the dashboard, to npm, to systemd or to a shell. A job that needs it sets it in its env. ${EXAMPLE}`;
}

function lets(patterns: readonly InheritPattern[], name: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}

export type Handed = { readonly name: string; readonly value: string; readonly from: EnvironmentSource };
/** A name that should be handed on and has no value here. `inDotEnv`: only `.env` sets it, which is not for runs. */
export type MissingVariable = {
  readonly name: string;
  readonly from: "inherited" | "recorded";
  readonly inDotEnv: boolean;
};
export type HandedOn = {
  readonly variables: readonly Handed[];
  readonly missing: readonly MissingVariable[];
};

/** What every run is handed before its job adds anything, by name. */
export function handedOn(
  { base, others, dotEnv }: HostEnvironment,
  patterns: readonly InheritPattern[],
  policy: EnvironmentPolicy,
): HandedOn {
  const given = new Map<string, Handed>();
  for (const [name, value] of Object.entries(base)) given.set(name, { name, value, from: "base" });
  for (const [name, value] of Object.entries(others))
    if (lets(patterns, name)) given.set(name, { name, value, from: "inherited" });
  const listed = policy.use === "recorded" ? policy.names : [];
  for (const name of listed) {
    const value = others[name] ?? dotEnv[name];
    if (value !== undefined && !given.has(name)) given.set(name, { name, value, from: "recorded" });
  }
  const missing = [
    ...patterns
      .filter((pattern) => !pattern.endsWith("*"))
      .map((name) => ({ name, from: "inherited" as const })),
    ...listed.map((name) => ({ name, from: "recorded" as const })),
  ].filter(({ name }, at, all) => !given.has(name) && all.findIndex((one) => one.name === name) === at);
  return {
    variables: [...given.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    missing: missing.map((one) => ({ ...one, inDotEnv: dotEnv[one.name] !== undefined })),
  };
}

/** What a data folder that is older than the short environment goes on handing on: names only, in order. */
export function namesToRecord({ others, dotEnv }: HostEnvironment): string[] {
  return [...new Set([...Object.keys(others), ...Object.keys(dotEnv)])].sort();
}

export function toVariables(handed: readonly Handed[]): Variables {
  return Object.fromEntries(handed.map(({ name, value }) => [name, value]));
}

/** A variable that the dashboard itself was started with, `.env` included: for jobs that name it. */
export function startedWith({ base, others, dotEnv }: HostEnvironment): (name: string) => string | undefined {
  const all = { ...dotEnv, ...others, ...base };
  return (name) => (Object.hasOwn(all, name) ? all[name] : undefined);
}
