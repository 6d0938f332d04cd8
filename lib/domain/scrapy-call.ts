import type { JobKind } from "./job";
import { baseName } from "./paths";
import { programAt } from "./wrapped-call";

const COMMANDS = ["crawl", "runspider"];
const PYTHON = /^python(\d+(\.\d+)*)?$/;
const RUNNERS = ["poetry", "uv", "pipenv", "pdm", "rye", "hatch"];

/** Where the word `crawl` or `runspider` of a Scrapy call stands; null: what this command line starts is not known. */
function commandAt(argv: readonly string[]): number | null {
  const program = programAt(argv);
  if (program === null) return null;
  const isRunner = RUNNERS.includes(baseName(argv[program] ?? "")) && argv[program + 1] === "run";
  const from = isRunner ? program + 2 : program;
  const at = scrapyAt(argv, from);
  return at !== null && COMMANDS.includes(argv[at + 1] ?? "") ? at + 1 : null;
}

function scrapyAt(argv: readonly string[], from: number): number | null {
  const program = baseName(argv[from] ?? "");
  if (program === "scrapy") return from;
  if (!PYTHON.test(program)) return null;
  const module = argv.indexOf("-m", from + 1);
  // Whatever stands before `-m` are options of Python's own; a script's name would mean the -m is the script's.
  const options = argv.slice(from + 1, module);
  if (module === -1 || !options.every((option) => option.startsWith("-"))) return null;
  return argv[module + 1] === "scrapy" ? module + 1 : null;
}

export function isScrapyCall(argv: readonly string[]): boolean {
  return commandAt(argv) !== null;
}

/** The JOBDIR that a command line sets by itself, the last one as Scrapy has it; null: none; empty: it wants none. */
export function ownJobdir(argv: readonly string[]): string | null {
  const at = commandAt(argv);
  if (at === null) return null;
  const values = argv.slice(at + 1).flatMap((word, index, words) => settingOf(word, words[index + 1]));
  return values.at(-1) ?? null;
}

/** `-s JOBDIR=x`, `-sJOBDIR=x`, `--set JOBDIR=x`, `--set=JOBDIR=x` */
function settingOf(word: string, next: string | undefined): string[] {
  const setting =
    word === "-s" || word === "--set" ? next : /^(?:-s|--set=)(?=JOBDIR=)(.*)$/s.exec(word)?.[1];
  return setting?.startsWith("JOBDIR=") ? [setting.slice("JOBDIR=".length)] : [];
}

/** What `withJobdir` was given, of what it has made. */
export function withoutJobdir(argv: readonly string[], path: string): readonly string[] {
  const at = commandAt(argv);
  if (at === null || argv[at + 1] !== "-s" || argv[at + 2] !== `JOBDIR=${path}`) return argv;
  return [...argv.slice(0, at + 1), ...argv.slice(at + 3)];
}

/** The same call with that JOBDIR, which stands before the spider's own arguments. */
export function withJobdir(argv: readonly string[], path: string): readonly string[] {
  const at = commandAt(argv);
  if (at === null) return argv;
  return [...argv.slice(0, at + 1), "-s", `JOBDIR=${path}`, ...argv.slice(at + 1)];
}

/**
 * What has to be said of a Scrapy job whose call is not recognised: it gets no JOBDIR, so after a stop the
 * next run starts over. null: nothing.
 * @param argv of the job
 */
export function unseenCrawl({
  kind,
  argv,
}: {
  readonly kind: JobKind;
  readonly argv: readonly string[];
}): string | null {
  if (kind !== "scrapy" || isScrapyCall(argv)) return null;
  return `No Scrapy call is recognised in ${baseName(argv[0] ?? "")} …, so no JOBDIR is added: unless the program passes the path in UNSTUCK_CHECKPOINT to Scrapy as its JOBDIR, a stopped run starts from the beginning when it is resumed.`;
}
