import { INTERPRETERS, STARTERS } from "./code-programs";
import { type Argv, type Mark, type Reader, wrapper } from "./code-readers";
import { baseName } from "./paths";
import { partOf } from "./wrappers";

/**
 * Which arguments of a command are run as code, by their index, with what they are: the script of `sh -c`, the expression of `node -e`, what ssh
 * runs on the other side, the program that a wrapper starts. Free text must not get there.
 *
 * The command is followed from program to program. Besides, every word that is called like an interpreter is taken for one, wherever it stands,
 * since no list knows all wrappers (`docker run image sh -c …`): of those only what an option says to be code. A word that only looks like one
 * costs a job a place; one that is overlooked costs the host.
 */
export function codeIn(argv: Argv): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const mark: Mark = (index, what) => {
    if (index < argv.length && !found.has(index)) found.set(index, what);
  };
  const programs = new Set<number>();
  for (let at: number | null = 0; at !== null && at < argv.length; ) {
    programs.add(at);
    at = readerOf(argv[at])?.(argv, at, { code: mark, around: mark }) ?? null;
  }
  for (const [index, word] of argv.entries())
    if (!programs.has(index))
      findIn(INTERPRETERS, nameOf(word))?.(argv, index, { code: mark, around: () => {} });
  return found;
}

function readerOf(word: string | undefined): Reader | null {
  const name = nameOf(word);
  const known = findIn(INTERPRETERS, name) ?? findIn(STARTERS, name);
  return known ?? (partOf([name]) === "wrapper" ? wrapper({ guesses: true }) : null);
}

function findIn(table: typeof INTERPRETERS, name: string): Reader | null {
  return table.find(([names]) => names.test(name))?.[1] ?? null;
}

/** `/usr/bin/bash` is bash, and so is a login shell's `-bash`. */
function nameOf(word: string | undefined): string {
  return baseName(word ?? "").replace(/^-/, "");
}
