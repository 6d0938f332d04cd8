import { baseName } from "./paths";

/** Programs that start another, wait for it, and have nothing of their own to save. Most of them forward the signals they get. */
const WRAPPERS: ReadonlySet<string> = new Set([
  ...[
    "timeout",
    "gtimeout",
    "nice",
    "ionice",
    "chrt",
    "taskset",
    "env",
    "nohup",
    "setsid",
    "stdbuf",
    "flock",
    "time",
  ],
  ...[
    "tini",
    "tini-static",
    "docker-init",
    "catatonit",
    "dumb-init",
    "script",
    "unbuffer",
    "chronic",
    "strace",
  ],
  ...[
    "npm",
    "npx",
    "pnpm",
    "pnpx",
    "yarn",
    "yarnpkg",
    "bunx",
    "corepack",
    "cross-env",
    "dotenv",
    "env-cmd",
    "tsx",
  ],
  ...["poetry", "uv", "uvx", "pipenv", "pdm", "rye", "hatch", "conda", "mamba", "micromamba"],
  ...["xvfb-run", "dbus-run-session", "sudo", "doas", "su", "runuser", "setpriv", "gosu", "su-exec", "chpst"],
  ...[
    "bwrap",
    "unshare",
    "nsenter",
    "systemd-run",
    "systemd-inhibit",
    "direnv",
    "doppler",
    "op",
    "aws-vault",
  ],
]);

const SHELLS: ReadonlySet<string> = new Set([
  "sh",
  "bash",
  "dash",
  "ash",
  "zsh",
  "ksh",
  "mksh",
  "fish",
  "xvfb-run",
]);

/** What stands beside a program for its input, output or display. None of them is what a run is about. */
const HELPERS: ReadonlySet<string> = new Set([
  ...[
    "tee",
    "cat",
    "ts",
    "grep",
    "egrep",
    "fgrep",
    "sed",
    "awk",
    "gawk",
    "mawk",
    "tr",
    "cut",
    "sort",
    "uniq",
    "head",
    "tail",
  ],
  ...["logger", "systemd-cat", "multilog", "svlogd", "s6-log", "rotatelogs", "cronolog", "pv", "yes", "seq"],
  ...["gzip", "pigz", "bzip2", "xz", "zstd", "jq", "Xvfb", "Xorg", "xauth", "dbus-daemon", "ssh-agent"],
]);

/**
 * The wrappers that are scripts, by what runs them and by what their files are called. Only these: `script.js` or `time.py` of a job's own is no
 * wrapper because a program of another kind has that name.
 */
const SCRIPTS: readonly (readonly [interpreter: RegExp, script: RegExp])[] = [
  [
    /^(?:node|nodejs|bun)$/,
    /^(?:(npm|npx)(?:-cli)?(?:\.js)?|(pnpm|pnpx|yarn|yarnpkg|corepack|cross-env|env-cmd)(?:\.[cm]?js)?|(dotenv|tsx))$/,
  ],
  [/^python[\d.]*$/, /^(poetry|uv|uvx|pipenv|pdm|hatch|conda|mamba)$/],
];

/** Node, with what is run by it, and browsers: when they start, they set every signal back to its default. */
const SETS_SIGNALS_BACK =
  /^(?:node|nodejs|bun|npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack|cross-env|dotenv|env-cmd|tsx|electron|chrom(?:e|ium).*)$/;

/** `shell`: runs one command after another; `wrapper`: starts one; `program`: whatever else. */
export type Part = "shell" | "wrapper" | "helper" | "pause" | "program";

/** What part a process plays, by its command line. */
export function partOf(argv: readonly string[]): Part {
  const name = nameOf(argv);
  if (SHELLS.has(name)) return "shell";
  if (WRAPPERS.has(name)) return "wrapper";
  if (HELPERS.has(name)) return "helper";
  return name === "sleep" ? "pause" : "program";
}

/** Whether nothing is left of the signals it was made to ignore when it was started. */
export function setsSignalsBack(argv: readonly string[]): boolean {
  return SETS_SIGNALS_BACK.test(nameOf(argv));
}

/**
 * The program's own name: npm calls itself "npm run x" in one word, a login shell begins with "-", busybox names its applet second, and of what
 * an interpreter runs the wrapper's name counts where it is one.
 */
function nameOf([first = "", second = ""]: readonly string[]): string {
  const name = baseName(first.trim().split(" ")[0] ?? "").replace(/^-/, "");
  if (name === "busybox") return baseName(second);
  return wrapperRunBy(name, baseName(second)) ?? name;
}

function wrapperRunBy(interpreter: string, script: string): string | undefined {
  const known = SCRIPTS.find(([runs]) => runs.test(interpreter))?.[1].exec(script);
  return known?.slice(1).find((name) => name !== undefined);
}
