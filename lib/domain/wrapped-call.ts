import { baseName } from "./paths";

/** How a wrapper's own part of a command line is read. A wrapper that is not on the list, or has another option, is not seen through. */
type Reading = {
  /** Letters of options without a value, and of those with one. */
  readonly flags?: string;
  readonly values?: string;
  /** Long options, without the dashes; those with a value end in `=`. */
  readonly long?: readonly string[];
  /** How many words stand before the program: a duration, a file. */
  readonly words?: number;
  /** `-10` is an option. */
  readonly digits?: boolean;
  /** `NAME=value` words stand before the program. */
  readonly assignments?: boolean;
};

const READINGS: Readonly<Record<string, Reading>> = {
  timeout: {
    flags: "fpv",
    values: "ks",
    long: ["foreground", "preserve-status", "verbose", "kill-after=", "signal="],
    words: 1,
  },
  nice: { values: "n", long: ["adjustment="], digits: true },
  ionice: { flags: "t", values: "cn", long: ["ignore", "class=", "classdata="] },
  // With -C it runs elsewhere, and with -S the words are in one: those are not seen through.
  env: { flags: "iv", values: "u", long: ["ignore-environment", "unset="], assignments: true },
  flock: {
    flags: "sxenoF",
    values: "wE",
    long: [
      "shared",
      "exclusive",
      "nonblock",
      "nb",
      "close",
      "no-fork",
      "timeout=",
      "wait=",
      "conflict-exit-code=",
    ],
    words: 1,
  },
  tini: { flags: "sgvw", values: "pe" },
  "dumb-init": { flags: "cv", values: "r", long: ["single-child", "verbose", "rewrite="] },
  "xvfb-run": {
    flags: "al",
    values: "nsefpw",
    long: [
      "auto-servernum",
      "server-num=",
      "server-args=",
      "error-file=",
      "auth-file=",
      "listen-tcp",
      "xauth-protocol=",
      "wait=",
    ],
  },
  stdbuf: { values: "ioe", long: ["input=", "output=", "error="] },
  nohup: {},
  setsid: { flags: "cw", long: ["ctty", "wait"] },
  time: { flags: "pvaq", values: "of", long: ["portability", "verbose", "append", "output=", "format="] },
  taskset: { flags: "ac", long: ["all-tasks", "cpu-list"], words: 1 },
  unbuffer: { flags: "p" },
  chronic: { flags: "ve" },
};

const DEEPEST = 16;

/** Where the program stands behind all wrappers; null: one of them has a part that is not understood. */
export function programAt(argv: readonly string[]): number | null {
  let at = 0;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const name = baseName(argv[at] ?? "");
    const reading = Object.hasOwn(READINGS, name) ? READINGS[name] : undefined;
    if (reading === undefined) return at;
    const next = behind(argv, at + 1, reading);
    if (next === null || next >= argv.length) return null;
    at = next;
  }
  return null;
}

function behind(argv: readonly string[], from: number, reading: Reading): number | null {
  let at = from;
  for (let word = argv[at]; word?.startsWith("-"); word = argv[at]) {
    if (word === "--") {
      at += 1;
      break;
    }
    const taken = optionLength(word, reading);
    if (taken === null) return null;
    at += taken;
  }
  while (reading.assignments === true && /^[A-Za-z_][A-Za-z0-9_]*=/.test(argv[at] ?? "")) at += 1;
  return at + (reading.words ?? 0);
}

/** How many words it takes: 2 when its value is the next one; null: it is none of this wrapper's. */
function optionLength(
  word: string,
  { flags = "", values = "", long = [], digits = false }: Reading,
): 1 | 2 | null {
  if (digits && /^-\d+$/.test(word)) return 1;
  if (word.startsWith("--")) {
    const [name = "", value] = word.slice(2).split("=", 2);
    if (long.includes(name) && value === undefined) return 1;
    if (!long.includes(`${name}=`)) return null;
    return value === undefined ? 2 : 1;
  }
  for (let index = 1; index < word.length; index += 1) {
    const letter = word.charAt(index);
    if (values.includes(letter)) return index === word.length - 1 ? 2 : 1;
    if (!flags.includes(letter)) return null;
  }
  return word.length > 1 ? 1 : null;
}
