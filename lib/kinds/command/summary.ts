import { isRecord, parseJson } from "../parse";

const MAX_KEYS = 4;
const MAX_TEXT = 40;
/** Programs keep sessions in their checkpoints; evidence is read by people who need not know them. */
const SECRET = /token|secret|passw|cookie|auth|session|credential|api.?key/i;

/** What a checkpoint holds, in a few words; null when it is no JSON. @param text the whole file */
export function describeJson(text: string): string | null {
  const value = parseJson(text);
  if (value === undefined) return null;
  if (Array.isArray(value)) return `JSON with ${counted(value.length, "entry", "entries")}`;
  if (!isRecord(value)) return `JSON: ${described(value)}`;
  const keys = Object.keys(value);
  const first = keys.slice(0, MAX_KEYS).map((key) => entry(key, value[key]));
  const more = keys.length > MAX_KEYS ? ", …" : "";
  return `JSON with ${counted(keys.length, "key", "keys")}: ${first.join(", ")}${more}`;
}

/** What programs call the place where they are in their work, the surest first. */
const PLACES = ["page", "offset", "cursor", "index", "position", "line", "row", "item", "id", "url"];
const LEADS = "(?:next|last|current)?[_-]?";

/** Where a JSON checkpoint stands in the work: `page 131`; null when it does not tell. @param text the whole file */
export function placeIn(text: string): string | null {
  const value = parseJson(text);
  if (!isRecord(value)) return null;
  const keys = Object.keys(value);
  for (const place of PLACES) {
    const key = keys.find((one) => new RegExp(`^${LEADS}${place}$`, "i").test(one) && isPlace(value[one]));
    if (key !== undefined) return `${spaced(key)} ${described(value[key])}`;
  }
  return null;
}

function isPlace(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && value !== "");
}

/** `nextPage`, `next_page` → `next page` */
function spaced(key: string): string {
  return key
    .replace(/[_-]+/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

function entry(key: string, value: unknown): string {
  const name = shortened(key);
  return SECRET.test(key) ? name : `${name}=${described(value)}`;
}

function described(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (isRecord(value)) return `{${Object.keys(value).length}}`;
  return typeof value === "string" ? shortened(value) : String(value);
}

function shortened(text: string): string {
  const line = text.slice(0, MAX_TEXT + 1).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
  return line.length > MAX_TEXT ? `${[...line].slice(0, MAX_TEXT - 1).join("")}…` : line;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
