import { baseName } from "./paths";
import { partOf } from "./wrappers";

/** Marks an argument, by its index, as code; `what` names it in a sentence: "stands in …". */
type Mark = (index: number, what: string) => void;
type Argv = readonly string[];
/** @param at where its own name stands @returns where the program begins that it starts; null: none is known */
type Reader = (argv: Argv, at: number, mark: Mark) => number | null;

/**
 * Which arguments of a command are run as code, by their index, with what they are: the script of `sh -c`, the expression of `node -e`, what ssh
 * runs on the other side, the program that a wrapper starts. Free text must not get there.
 *
 * Every word that is called like an interpreter is read as one, wherever it stands, since no list knows all wrappers (`docker run image sh -c …`). A
 * word that only looks like one costs a job a placeholder; one that is overlooked costs the host.
 */
export function codeIn(argv: Argv): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const mark: Mark = (index, what) => {
    if (index < argv.length && !found.has(index)) found.set(index, what);
  };
  const programs = new Set<number>();
  for (let at: number | null = 0; at !== null && !programs.has(at); ) {
    programs.add(at);
    at = (readerOf(argv, at) ?? ownProgram)(argv, at, mark);
  }
  for (const index of argv.keys())
    if (!programs.has(index)) readerOf(argv, index)?.(argv, index, onlyOptions(argv, index, mark));
  return found;
}

const ownProgram: Reader = () => null;

/**
 * Of a word that need not be a program, only what an option says to be code is believed: `crawl.py node {{shop}}` starts no node, but what comes
 * after a `-c` or a `-e` may.
 */
function onlyOptions(argv: Argv, at: number, mark: Mark): Mark {
  const isCode = argv.slice(at + 1).some((word) => word.startsWith("-"));
  return (index, what) => {
    if (isCode || ALWAYS.test(nameOf(argv[at]))) mark(index, what);
  };
}

const ALWAYS = /^(?:eval|ssh|watch|parallel)$/;

function readerOf(argv: Argv, at: number): Reader | null {
  const name = nameOf(argv[at]);
  const known = READERS.find(([names]) => names.test(name));
  if (known !== undefined) return known[1];
  return partOf([name]) === "wrapper" ? wrapper({}) : null;
}

/** `/usr/bin/python3.12` is python, a login shell's `-sh` is sh. */
function nameOf(word: string | undefined): string {
  return baseName(word ?? "").replace(/^-/, "");
}

type Options = {
  /** What says that the next word, or the rest of this one, is code. Whole words, or clusters of letters that end in it. */
  readonly code?: RegExp;
  /** Options that take the next word. */
  readonly values?: RegExp;
};

/** An interpreter of files: its own options, then a script, whose arguments are data. */
function interpreter(name: string, { code, values }: Options): Reader {
  return (argv, at, mark) => {
    for (let index = at + 1; index < argv.length; index += 1) {
      const word = argv[index] ?? "";
      if (word === "--") return scriptAt(index + 1);
      if (!isOption(word)) return scriptAt(index);
      // With the code in the same word, as in --eval=…, or an option that a start would choose.
      mark(index, `the options of ${name}`);
      if (code?.test(word)) mark(index + 1, `the code after ${name} ${word}`);
      if (code?.test(word) || values?.test(word)) index += 1;
    }
    return null;

    function scriptAt(index: number): null {
      mark(index, `the place of the script that ${name} runs`);
      return null;
    }
  };
}

function isOption(word: string): boolean {
  return /^[-+]./.test(word);
}

/** After `-c` in any of its options the first other word is the script, and those behind it are data. */
const shell: Reader = (argv, at, mark) => {
  const name = nameOf(argv[at]);
  let fromText = false;
  for (let index = at + 1; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    if (!isOption(word) || word === "--") {
      const script = word === "--" ? index + 1 : index;
      mark(script, fromText ? `the script of ${name} -c` : `the place of the script that ${name} runs`);
      return null;
    }
    mark(index, `the options of ${name}`);
    if (/^-[A-Za-z]*c|^--command|^--init-command|^-C$/.test(word)) fromText = true;
    if (/^[-+][A-Za-z]*[oO]$|^--(?:rcfile|init-file|init-command|command)$|^-C$/.test(word)) {
      mark(index + 1, `the options of ${name}`);
      index += 1;
    }
  }
  return null;
};

/** Options, assignments, as many operands of its own, and then a program. All of it decides what is started. */
function wrapper({ values, code, operands = 0 }: Options & { readonly operands?: number }): Reader {
  return (argv, at, mark) => {
    const name = nameOf(argv[at]);
    let left = operands;
    for (let index = at + 1; index < argv.length; index += 1) {
      const word = argv[index] ?? "";
      mark(index, `what ${name} starts`);
      const isOwn =
        isOption(word) || word === "-" || word === "--" || /^\w+=/.test(word) || SUBCOMMANDS.test(word);
      if (code?.test(word)) mark(index + 1, `the code after ${name} ${word}`);
      if (code?.test(word) || values?.test(word)) {
        index += 1;
        mark(index, `the options of ${name}`);
      }
      if (isOwn) continue;
      if (left === 0) return index;
      left -= 1;
    }
    return null;
  };
}

/** `npm run build`, `uv run script.py`, `docker compose exec`: the word before what is run. */
const SUBCOMMANDS = /^(?:run|run-script|exec|x|dlx|shell)$/;

/** Everything behind it is one piece of code, or every word is. */
const allOfIt: Reader = (argv, at, mark) => {
  const name = nameOf(argv[at]);
  for (let index = at + 1; index < argv.length; index += 1) mark(index, `what ${name} runs`);
  return null;
};

/** The host is data; what else it is told is for the shell on the other side, or is an option that can start programs here. */
const ssh: Reader = (argv, at, mark) => {
  let host = false;
  for (let index = at + 1; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    if (host || isOption(word)) mark(index, "what ssh runs");
    else host = true;
    if (!host && /^-[BbcDEeFIiJLlmOopQRSWw]$/.test(word)) {
      index += 1;
      mark(index, "the options of ssh");
    }
  }
  return null;
};

/** What stands between `-exec` and its end. */
const find: Reader = (argv, at, mark) => {
  let inside = false;
  for (let index = at + 1; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    if (inside && (word === ";" || word === "+")) inside = false;
    else if (inside) mark(index, "what find runs");
    else if (/^-(?:exec|execdir|ok|okdir)$/.test(word)) inside = true;
  }
  return null;
};

/** Only what follows such an option is code; all else is data. */
function optionsOnly(code: RegExp): Reader {
  return (argv, at, mark) => {
    const name = nameOf(argv[at]);
    for (let index = at + 1; index < argv.length; index += 1) {
      const word = argv[index] ?? "";
      if (!code.test(word)) continue;
      mark(index, `the options of ${name}`);
      mark(index + 1, `the code after ${name} ${word}`);
    }
    return null;
  };
}

/** `busybox sh -c`: the applet is the program. */
const next: Reader = (argv, at, mark) => {
  mark(at + 1, `what ${nameOf(argv[at])} starts`);
  return at + 1;
};

const READERS: readonly (readonly [names: RegExp, reader: Reader])[] = [
  [/^(?:sh|bash|rbash|dash|ash|zsh|ksh\d*|mksh|yash|fish|csh|tcsh)$/, shell],
  [/^(?:busybox|toybox)$/, next],
  [/^(?:python|pypy)[\d.]*$/, interpreter("python", { code: /^-[A-Za-z]*[cm]$/, values: /^-[WX]$/ })],
  [
    /^(?:node|nodejs|bun|tsx|deno)$/,
    interpreter("node", {
      code: /^(?:-[A-Za-z]*[epr]|--(?:eval|print|require|import|loader|experimental-loader))$/,
      values: /^(?:-C|--conditions|--env-file)$/,
    }),
  ],
  [/^(?:perl|ruby|jruby)[\d.]*$/, interpreter("perl or ruby", { code: /^-[A-Za-z]*[eErMmI]$/ })],
  [/^php[\d.]*$/, interpreter("php", { code: /^-[rBREfd]$/, values: /^-c$/ })],
  [/^(?:lua|luajit)[\d.]*$/, interpreter("lua", { code: /^-[el]$/ })],
  [/^(?:Rscript|R|julia|groovy|scala|elixir|osascript)$/, interpreter("it", { code: /^-{1,2}[eE]\w*$/ })],
  [/^(?:pwsh|powershell)$/, allOfIt],
  [/^[gmn]?awk$/, interpreter("awk", { code: /^-[fei]$|^--(?:source|file|include)$/, values: /^-[vF]$/ })],
  [/^g?sed$/, interpreter("sed", { code: /^-[A-Za-z]*[ef]$|^--(?:expression|file)$/ })],
  [
    /^(?:psql|mysql|mariadb|sqlplus|clickhouse-client)$/,
    optionsOnly(/^-[A-Za-z]*[ce]$|^--(?:command|execute|query|init-command)(?:=|$)/),
  ],
  [/^(?:sqlite3|duckdb|eval|parallel|watch|make|gmake|just|tmux|expect)$/, allOfIt],
  [/^(?:ssh|autossh|mosh)$/, ssh],
  [/^(?:rsync)$/, optionsOnly(/^(?:-[A-Za-z]*e|--rsh|--rsync-path)(?:=|$)/)],
  [/^g?find$/, find],
  [
    /^(?:su|runuser|sg|script)$/,
    wrapper({
      code: /^(?:-[A-Za-z]*c|--command)$/,
      values: /^(?:-[gGsuwT]|--(?:user|group|shell))$/,
      operands: 1,
    }),
  ],
  [/^flock$/, wrapper({ code: /^(?:-c|--command)$/, values: /^-[wE]$/, operands: 1 })],
  [
    /^(?:env|genv)$/,
    wrapper({ code: /^(?:-[A-Za-z]*S|--split-string)$/, values: /^(?:-[uC]|--(?:unset|chdir))$/ }),
  ],
  [/^g?timeout$/, wrapper({ values: /^(?:-[ks]|--(?:kill-after|signal))$/, operands: 1 })],
  [/^(?:nice|ionice)$/, wrapper({ values: /^(?:-[nc]|--adjustment|--class|--classdata)$/ })],
  [/^(?:chrt|taskset|chroot|setpriv|gosu|su-exec)$/, wrapper({ operands: 1 })],
  [/^(?:sudo|doas)$/, wrapper({ values: /^(?:-[ugUhpCcDrtTR]|--(?:user|group|host|prompt|chdir))$/ })],
  [/^stdbuf$/, wrapper({ values: /^-[ioe]$/ })],
  [
    /^xvfb-run$/,
    wrapper({ values: /^(?:-[efnps]|--(?:error-file|auth-file|server-num|xauth-protocol|server-args))$/ }),
  ],
  [/^strace$/, wrapper({ values: /^-[eoOpPsSuEaIbX]$/ })],
  [
    /^(?:npx|npm|pnpm|pnpx|yarn|bunx)$/,
    wrapper({ code: /^(?:-c|--call)$/, values: /^(?:-[pw]|--(?:package|prefix|workspace))$/ }),
  ],
  [/^xargs$/, wrapper({ values: /^-[aEILnPsd]$/ })],
  [/^(?:nohup|setsid|time|exec|command|builtin|caffeinate)$/, wrapper({})],
];
