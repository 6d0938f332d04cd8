/** The kernel's own upper bound for a pid (PID_MAX_LIMIT). */
export const HIGHEST_PID = 4_194_304;

/** More numbers than these in one file are a log or a list, not a pid file. */
const MOST_NUMBERS = 50;

/**
 * The pid a file names, as the programs write it that keep one: alone or as the first word, with a host's name or further lines behind it
 * (`postmaster.pid`, `pid\nport\n`); JSON with it under `pid`, or JSON that is the number; `pid=12`, `PID: 12`.
 * @returns its digits; null where it stands in no form that is known
 */
export function pidIn(text: string): string | null {
  return (
    /^\s*(\d+)(?=\s|$)/.exec(text)?.[1] ??
    inJson(text) ??
    /^\s*pid\s*[=:]\s*"?(\d+)"?(?=[\s,;]|$)/im.exec(text)?.[1] ??
    null
  );
}

function inJson(text: string): string | null {
  if (!/^\s*[{["]/.test(text)) return null;
  try {
    return digitsOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function digitsOf(value: unknown): string | null {
  if (typeof value === "number" && Number.isInteger(value)) return String(value);
  if (typeof value === "string") return /^\d+$/.test(value) ? value : null;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const entry = Object.entries(value).find(([name]) => name.toLowerCase() === "pid");
  return entry === undefined ? null : digitsOf(entry[1]);
}

/** Numbers that could be pids, each once. */
export function numbersIn(text: string): readonly number[] {
  const numbers = [...text.matchAll(/(?<![\w.])\d{1,7}(?![\w.]\d|\w)/g)].map(([digits]) => Number(digits));
  return [...new Set(numbers)].filter((number) => number > 1 && number <= HIGHEST_PID).slice(0, MOST_NUMBERS);
}
