import { join, resolve } from "node:path";
import { entryAt, namesIn } from "../bounded";

/** What a fresh start has set aside, with all that is in it, is found only by a pattern that says so itself. */
const SET_ASIDE = /\.before-run_[0-9a-z]+$/;

export function isGlob(checkpoint: string): boolean {
  return /[*?]/.test(checkpoint);
}

export type Matches = {
  /** Absolute, sorted; folders can be among them. */
  readonly paths: readonly string[];
  /** Whether everything was looked at. */
  readonly whole: boolean;
};

/**
 * The files and folders a pattern names: `*` and `?` within a name, `**` for any folders in between. A name that begins with a
 * dot is matched only where the pattern says the dot. Links are neither followed nor matched.
 */
export function matchGlob(cwd: string, pattern: string, maxEntries: number): Matches {
  const steps = resolve(cwd, pattern).split("/").slice(1);
  const firstWild = steps.findIndex(isGlob);
  const root = `/${steps.slice(0, firstWild).join("/")}`;
  const asideToo = SET_ASIDE.test(pattern);
  const search = { found: new Set<string>(), entriesLeft: maxEntries, asideToo };
  descend(root, steps.slice(firstWild), search);
  return { paths: [...search.found].sort(), whole: search.entriesLeft > 0 };
}

type Search = { readonly found: Set<string>; entriesLeft: number; readonly asideToo: boolean };

function descend(folder: string, [step, ...rest]: readonly string[], search: Search): void {
  if (step === undefined || search.entriesLeft <= 0) return;
  if (step === "**") {
    descendAnywhere(folder, rest, search);
    return;
  }
  const fits = nameMatcher(step);
  for (const name of namesOf(folder, search)) {
    if (!fits(name)) continue;
    const path = join(folder, name);
    if (rest.length > 0) descend(path, rest, search);
    else add(path, search);
  }
}

/** `**`: here, and in every folder below. As the last step it means every file below. */
function descendAnywhere(folder: string, rest: readonly string[], search: Search): void {
  descend(folder, rest.length > 0 ? rest : ["*"], search);
  for (const name of namesOf(folder, search)) {
    const path = join(folder, name);
    if (!name.startsWith(".") && entryAt(path)?.isDirectory()) descendAnywhere(path, rest, search);
  }
}

function namesOf(folder: string, search: Search): readonly string[] {
  if (search.entriesLeft <= 0) return [];
  const { names, more } = namesIn(folder, search.entriesLeft);
  search.entriesLeft -= more ? search.entriesLeft : Math.max(1, names.length);
  return search.asideToo ? names : names.filter((name) => !SET_ASIDE.test(name));
}

function add(path: string, search: Search): void {
  const entry = entryAt(path);
  if (entry === null) return;
  if (entry.isFile() || entry.isDirectory()) search.found.add(path);
}

/** By hand and not by a regular expression: `a*a*a*a*b` would take one for ever. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  return (name) => !(name.startsWith(".") && !pattern.startsWith(".")) && fits(pattern, name);
}

function fits(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (let index = 0; index < name.length; ) {
    const wanted = pattern[at];
    if (wanted === "*") {
      star = at;
      starAt = index;
      at += 1;
    } else if (wanted === "?" || (wanted !== undefined && wanted === name[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      starAt += 1;
      index = starAt;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
