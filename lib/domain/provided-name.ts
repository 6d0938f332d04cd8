import { RESERVED_NAMES, USER_NAME_PATTERN } from "./user";

const LONGEST = 63;
/** Room for a number. */
const LONGEST_BASE = 58;

/**
 * A name for a user whom somewhere else knows under another: the first of the candidates from which one can be made.
 * @param candidates as they were given, the best first
 */
export function nameFrom(candidates: readonly string[]): string {
  return candidates.map(fitted).find((name) => isUsable(name)) ?? "user";
}

/** The same with a number behind it, where others have it already. @param number 1: without */
export function numbered(name: string, number: number): string {
  return number === 1 ? name : `${name.slice(0, LONGEST_BASE)}${number}`;
}

/** Whether a user may be called so without anything changed about it. */
export function isUsable(name: string): boolean {
  return USER_NAME_PATTERN.test(name) && !RESERVED_NAMES.includes(name.toLowerCase());
}

/** Without accents, with dots for blanks, and without all that a name may not have. */
function fitted(text: string): string {
  return text
    .normalize("NFKD")
    .trim()
    .replaceAll(/\s+/g, ".")
    .replaceAll(/[^A-Za-z0-9._@+-]/g, "")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, LONGEST);
}
