import { baseName } from "./paths";

export type Argv = readonly string[];

/** Marks an argument, by its index; `what` names it in a sentence: "stands in …". */
export type Mark = (index: number, what: string) => void;

/** `code`: what is run for sure. `around`: what decides on it, such as options and the place of a script, if this is a program at all. */
export type Marks = { readonly code: Mark; readonly around: Mark };

/** @param at where its own name stands @returns where the program is that it starts; null: it starts none of these */
export type Reader = (argv: Argv, at: number, marks: Marks) => number | null;

type Options = {
  /** What says that the next word is code. Whole words, or clusters of letters that end in it. */
  readonly code?: RegExp;
  /** The same, and what comes after that is data. */
  readonly last?: RegExp;
  /** With the code in the same word. */
  readonly attached?: RegExp;
  /** Options that take the next word. */
  readonly values?: RegExp;
};

const NEVER = /(?!)/;

function isOption(word: string): boolean {
  return /^[-+]./.test(word);
}

/** An interpreter of files: its own options, then a script, whose arguments are data. */
export function interpreter({
  code = NEVER,
  last = NEVER,
  attached = NEVER,
  values = NEVER,
}: Options): Reader {
  return (argv, at, { code: mark, around }) => {
    const name = baseName(argv[at] ?? "");
    for (let index = at + 1; index < argv.length; index += 1) {
      const word = argv[index] ?? "";
      if (!isOption(word) || word === "--") {
        around(word === "--" ? index + 1 : index, `the place of the script that ${name} runs`);
        return null;
      }
      if (attached.test(word)) mark(index, `the code in ${name} ${word.slice(0, 2)}`);
      around(index, `the options of ${name}`);
      if (code.test(word) || last.test(word)) mark(index + 1, `the code after ${name} ${word}`);
      if (last.test(word)) return null;
      if (code.test(word) || values.test(word)) index += 1;
    }
    return null;
  };
}

/** After `-c` in any of its options the first other word is the script, and those behind it are data. */
export const shell: Reader = (argv, at, { code, around }) => {
  const name = baseName(argv[at] ?? "");
  let fromText = false;
  for (let index = at + 1; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    if (!isOption(word) || word === "--") {
      const script = word === "--" ? index + 1 : index;
      if (fromText) code(script, `the script of ${name} -c`);
      else around(script, `the place of the script that ${name} runs`);
      return null;
    }
    // fish takes the text in the same word, too.
    if (/^--(?:command|init-command)=/.test(word)) code(index, `the script of ${name}`);
    around(index, `the options of ${name}`);
    if (/^-[A-Za-z]*c|^--command$/.test(word)) fromText = true;
    if (/^--init-command$|^-C$/.test(word)) code(index + 1, `the script of ${name} ${word}`);
    if (/^[-+][A-Za-z]*[oO]$|^--(?:rcfile|init-file|init-command)$|^-C$/.test(word)) {
      around(index + 1, `the options of ${name}`);
      index += 1;
    }
  }
  return null;
};

/** `operands`: words of its own before the program. `guesses`: its options are not known, so the word after one may be its value or the program. */
type Starts = Options & { readonly operands?: number; readonly guesses?: boolean };

/** Options, assignments, operands, and then a program. All of it decides what is started. */
export function wrapper({ code = NEVER, values = NEVER, operands = 0, guesses = false }: Starts): Reader {
  return (argv, at, { code: mark, around }) => {
    const name = baseName(argv[at] ?? "");
    const what = `what ${name} starts`;
    let left = operands;
    for (let index = at + 1; index < argv.length; index += 1) {
      const word = argv[index] ?? "";
      around(index, what);
      if (code.test(word)) mark(index + 1, `the code after ${name} ${word}`);
      if (code.test(word) || values.test(word)) {
        index += 1;
        around(index, what);
      } else if (word === "--") {
        left = Math.min(left, operands);
        if (left === 0) return started(index + 1);
      } else if (isOption(word)) {
        if (guesses && !word.includes("=") && argv[index + 1] !== "--") left = 1;
      } else if (word !== "-" && !/^\w+=/.test(word) && !SUBCOMMANDS.test(word)) {
        if (left === 0) return index;
        left -= 1;
      }
    }
    return null;

    function started(index: number): number {
      around(index, what);
      return index;
    }
  };
}

/** `uv run crawl`, `npm exec crawl`: the word before what is run. */
const SUBCOMMANDS = /^(?:run|exec|x|dlx|shell|eval)$/;

/** Everything behind it is one piece of code, or every word is. */
export const allOfIt: Reader = (argv, at, { code }) => {
  for (let index = at + 1; index < argv.length; index += 1)
    code(index, `what ${baseName(argv[at] ?? "")} runs`);
  return null;
};

/** Only what such an option says is code, in the next word or in the same one; all else is data. */
export function optionsOnly(options: RegExp): Reader {
  return (argv, at, { code }) => {
    const name = baseName(argv[at] ?? "");
    for (let index = at + 1; index < argv.length; index += 1) {
      const [option] = options.exec(argv[index] ?? "") ?? [];
      if (option === undefined) continue;
      code(index, `the code after ${name} ${option}`);
      code(index + 1, `the code after ${name} ${option}`);
    }
    return null;
  };
}

/** The host is data; what else it is told is for the shell on the other side, or an option that can start programs here. */
export const ssh: Reader = (argv, at, { code }) => {
  let host = false;
  for (let index = at + 1; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    if (host || isOption(word)) code(index, "what ssh runs");
    else host = true;
    if (!host && /^-[BbcDEeFIiJLlmOopQRSWw]$/.test(word)) {
      index += 1;
      code(index, "the options of ssh");
    }
  }
  return null;
};

/** What stands between such an option and its end. */
export const find: Reader = (argv, at, { code }) => {
  let inside = false;
  for (let index = at + 1; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    if (inside && (word === ";" || word === "+")) inside = false;
    else if (inside) code(index, `what ${baseName(argv[at] ?? "")} runs`);
    else if (/^-(?:exec|execdir|ok|okdir|x|X|-exec|-exec-batch)$/.test(word)) inside = true;
  }
  return null;
};

/** `npm run crawl -- …` runs a script that the folder names, with the rest as data; other verbs start a program. */
export const npm: Reader = (argv, at, marks) => {
  const verb = argv.findIndex((word, index) => index > at && !isOption(word));
  if (verb < 0 || !/^(?:run|run-script)$/.test(argv[verb] ?? "")) return startsProgram(argv, at, marks);
  for (let index = at + 1; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    marks.around(index, `what ${baseName(argv[at] ?? "")} runs`);
    if (index > verb && !isOption(word)) break;
  }
  return null;
};

const startsProgram = wrapper({
  code: /^(?:-c|--call)$/,
  values: /^(?:-[pwC]|--(?:package|prefix|workspace|filter|dir|cwd))$/,
});

/** The word behind it is its program, such as an applet of busybox. */
export const next: Reader = (argv, at, { around }) => {
  around(at + 1, `what ${baseName(argv[at] ?? "")} starts`);
  return at + 1;
};
