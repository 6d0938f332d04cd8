import { formatDurationText } from "@/lib/client/duration-text";
import { formatSizeText } from "@/lib/client/size-text";

/** One detail of an entry. `before` null: it says what is so, not what it was. */
export type DetailRow = { readonly name: string; readonly before: string | null; readonly now: string };

type Fields = Readonly<Record<string, unknown>>;

/** What an entry keeps beside its columns, for people: a change as before and after, the rest as it stands. */
export function detailRows(details: unknown): readonly DetailRow[] {
  if (!isFields(details))
    return details === null || details === undefined ? [] : [plainRow("details", details)];
  const { before, after, ...rest } = details;
  return [...Object.entries(rest).flatMap(([name, value]) => rowsOf(name, value)), ...changes(before, after)];
}

function rowsOf(name: string, value: unknown): readonly DetailRow[] {
  if (!isFields(value)) return value === undefined ? [] : [plainRow(name, value)];
  const entries = Object.entries(value);
  // One level is enough for what is written today; below that, JSON is clearer than a tree.
  return entries.map(([inner, each]) => plainRow(inner, each, `${spaced(name)}: `));
}

/** Only what differs, when both are known; of what was made or deleted, all of it. */
function changes(before: unknown, after: unknown): readonly DetailRow[] {
  if (before === undefined && after === undefined) return [];
  if (!isFields(before) && !isFields(after))
    return [{ name: "change", before: told("", before), now: told("", after) }];
  const [was, is] = [isFields(before) ? before : null, isFields(after) ? after : null];
  const names = [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])];
  return names.flatMap((name): DetailRow[] => {
    const [old, fresh] = [told(name, was?.[name]), told(name, is?.[name])];
    if (was !== null && is !== null)
      return old === fresh ? [] : [{ name: label(name), before: old, now: fresh }];
    return [{ name: label(name), before: null, now: is === null ? `${old} (before)` : fresh }];
  });
}

function plainRow(name: string, value: unknown, prefix = ""): DetailRow {
  return { name: `${prefix}${label(name)}`, before: null, now: told(name, value) };
}

/** `graceMs` → `grace`: the unit is in the value. */
function label(name: string): string {
  return spaced(name.replace(/(?<=[a-z])(Ms|Bytes|Id)$/, ""));
}

function spaced(name: string): string {
  return name
    .replaceAll(/([A-Z])/g, " $1")
    .replaceAll("_", " ")
    .toLowerCase();
}

function told(name: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return numberWords(name, value);
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0) return "none";
  return value.map((each) => (typeof each === "object" ? JSON.stringify(each) : String(each))).join(", ");
}

function numberWords(name: string, value: number): string {
  if (name.endsWith("Ms")) return formatDurationText(value);
  if (name.endsWith("Bytes")) return formatSizeText(value);
  if (name.endsWith("At") && value > 0)
    return `${new Date(value).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return String(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
