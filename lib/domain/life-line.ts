import { afterMarkAtLineStart, withoutTerminalCodes } from "./cursor";
import { isEmptyReport, type ProgressReport, readReport } from "./progress";

/**
 * A line by which a program speaks to us on its standard output:
 *
 *     ::unstuck heartbeat
 *     ::unstuck progress extracted=120 skipped=3 total=2000 message="page 40"
 */
export type LifeLine =
  | { readonly type: "heartbeat" }
  | { readonly type: "progress"; readonly report: ProgressReport };

export const LIFE_LINE_MARK = "::unstuck";

const FIELD = /([A-Za-z][\w-]*)=("(?:[^"\\]|\\.)*"|[^\s"]\S*)?(?=\s|$)/y;
const COUNT = /^\d{1,16}$/;
const ESCAPED: Readonly<Record<string, string>> = { n: " ", r: " ", t: " " };

/**
 * Reads one line without its end; null when it is not ours. The mark counts where a terminal would show it at a line's
 * beginning: a program may print what others wrote. A field that cannot be believed is left out, and a progress
 * line without any that can is only a heartbeat.
 */
export function parseLifeLine(line: string): LifeLine | null {
  const from = afterMarkAtLineStart(line, LIFE_LINE_MARK);
  if (from === -1) return null;
  const words = withoutTerminalCodes(line.slice(from)).trimEnd();
  if (!words.startsWith(" ")) return null;
  const [, verb, rest] = /^(\S+)\s*(.*)$/s.exec(words.trimStart()) ?? [];
  if (verb === "heartbeat") return { type: "heartbeat" };
  if (verb !== "progress") return null;
  const { report } = readReport(fieldsOf(rest ?? ""));
  return isEmptyReport(report) ? { type: "heartbeat" } : { type: "progress", report };
}

/** `name=value` or `name="value with \" and \\"`; the last of a name counts, and whatever is neither is skipped. */
function fieldsOf(text: string): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  let at = 0;
  while (at < text.length) {
    FIELD.lastIndex = at;
    const [found, name, value] = FIELD.exec(text) ?? [];
    if (found !== undefined && name !== undefined) fields.set(name, fieldValue(name, value ?? ""));
    const next = /\s+/g;
    next.lastIndex = at + (found?.length ?? 0);
    at = next.exec(text) === null ? text.length : next.lastIndex;
  }
  return Object.fromEntries(fields);
}

function fieldValue(name: string, value: string): unknown {
  const text = value.startsWith('"') ? unquoted(value.slice(1, -1)) : value;
  return name !== "message" && COUNT.test(text) ? Number(text) : text;
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/gs, (_all, escaped: string) => ESCAPED[escaped] ?? escaped);
}
