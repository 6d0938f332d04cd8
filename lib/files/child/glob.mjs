import { entryAt, namesAt } from "./reads.mjs";
import { below, real, touch } from "./where.mjs";

/** What a fresh start has set aside, with all that is in it, is found only by a pattern that says so itself. */
const SET_ASIDE = /\.before-run_[0-9a-z]+$/;

/**
 * The files and folders a pattern names: `*` and `?` within a name, `**` for any folders in between. A name that begins with a
 * dot is matched only where the pattern says the dot. Links are neither followed nor matched.
 * @param {string} pattern absolute
 * @param {number} max entries that are looked at
 */
export function glob(pattern, max) {
  const steps = pattern.split("/").slice(1);
  const wild = steps.findIndex((step) => /[*?]/.test(step));
  const asideToo = SET_ASIDE.test(pattern);
  /** @type {Map<string, import("./reads.mjs").Entry & { path: string }>} */
  const found = new Map();
  let left = max;
  const root = `/${steps.slice(0, wild).join("/")}`;
  // What leads there may be links, as on the way to any other checkpoint.
  const [realRoot, mount] = real(root, true);
  descend(realRoot, mount, steps.slice(wild));
  const sorted = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { found: sorted, whole: left > 0 };

  /** @param {string} folder @param {string} its @param {readonly string[]} steps */
  function descend(folder, its, [step, ...rest]) {
    if (step === undefined || left <= 0) return;
    if (step === "**") {
      descendAnywhere(folder, its, rest);
      return;
    }
    const matches = nameMatcher(step);
    for (const name of namesOf(folder)) {
      if (!matches(name)) continue;
      const path = below(folder, name);
      const at = touch(path, its);
      if (rest.length > 0) descend(path, at, rest);
      else add(path);
    }
  }

  /** `**`: here, and in every folder below. As the last step it means every file below. @param {string} folder @param {string} its @param {readonly string[]} rest */
  function descendAnywhere(folder, its, rest) {
    descend(folder, its, rest.length > 0 ? rest : ["*"]);
    for (const name of namesOf(folder)) {
      const path = below(folder, name);
      const at = touch(path, its);
      if (!name.startsWith(".") && entryAt(path)?.kind === "folder") descendAnywhere(path, at, rest);
    }
  }

  /** @param {string} folder */
  function namesOf(folder) {
    if (left <= 0) return [];
    const { names, more } = namesAt(folder, left);
    left -= more ? left : Math.max(1, names.length);
    return asideToo ? names : names.filter((name) => !SET_ASIDE.test(name));
  }

  /** @param {string} at */
  function add(at) {
    const entry = entryAt(at);
    // Told by the name it was asked for, also where a link leads there.
    const path = below(root, at.slice(realRoot === "/" ? 1 : realRoot.length + 1));
    if (entry?.kind === "file" || entry?.kind === "folder") found.set(path, { ...entry, path });
  }
}

/**
 * By hand and not by a regular expression, which is what picomatch 4.0.7 and `path.matchesGlob` of Node make of it: on a name of 200
 * letters `a*a*a*a*b` takes them more than a second, and each further star fifty times as long.
 * @param {string} pattern
 */
export function nameMatcher(pattern) {
  return (/** @type {string} */ name) =>
    !(name.startsWith(".") && !pattern.startsWith(".")) && fits(pattern, name);
}

/** @param {string} pattern @param {string} name */
function fits(pattern, name) {
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
