const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time for a table cell: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`, `3 d 4 h`. Steady in width while it ticks. */
export function formatElapsed(ms: number): string {
  const length = Math.max(0, ms);
  if (length < SECOND) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR)
    return `${Math.floor(length / MINUTE)} min ${pad(Math.floor((length % MINUTE) / SECOND))} s`;
  if (length < DAY) return `${Math.floor(length / HOUR)} h ${pad(Math.floor((length % HOUR) / MINUTE))} min`;
  return `${Math.floor(length / DAY)} d ${Math.floor((length % DAY) / HOUR)} h`;
}

/** How long ago, in one unit: `just now`, `12 s ago`, `3 min ago`, `in 5 s` when the clocks disagree. */
export function formatAgo(ms: number): string {
  if (ms < -5 * SECOND) return `in ${oneUnit(-ms)}`;
  if (ms < 2 * SECOND) return "just now";
  return `${oneUnit(ms)} ago`;
}

/** How long is left, to the nearest: what was made for a week has `in 7 d` a moment later, not 6. */
export function formatLeft(ms: number): string {
  const unit = ms < MINUTE ? SECOND : ms < HOUR ? MINUTE : ms < 2 * DAY ? HOUR : DAY;
  return `in ${oneUnit(Math.round(ms / unit) * unit)}`;
}

function oneUnit(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** The instant in full, for a tooltip. `local`: whether the reader's own time zone is known yet (not while the server renders). */
export function formatExact(iso: string, local: boolean): string {
  const at = new Date(iso);
  const utc = `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return local
    ? `${at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" })} local · ${utc}`
    : utc;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"] as const;
  let value = bytes;
  let unit: string = "B";
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1_000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

function pad(count: number): string {
  return String(count).padStart(2, "0");
}
