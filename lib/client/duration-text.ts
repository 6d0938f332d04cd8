const UNITS = [
  { size: 86_400_000, name: "d", pattern: "d|days?" },
  { size: 3_600_000, name: "h", pattern: "h|hrs?|hours?" },
  { size: 60_000, name: "min", pattern: "m|mins?|minutes?" },
  { size: 1_000, name: "s", pattern: "s|secs?|seconds?" },
  { size: 1, name: "ms", pattern: "ms" },
] as const;

const PART = new RegExp(
  `(\\d+(?:[.,]\\d+)?)\\s*(${[...UNITS]
    .reverse()
    .map((unit) => unit.pattern)
    .join("|")})(?![a-z])`,
  "gi",
);

/** Reads `10 min`, `1h 30m`, `90s`, `1.5 h`. @returns milliseconds, null when it is no length of time */
export function parseDurationText(text: string): number | null {
  const rest = text.replace(PART, "").replaceAll(/[\s,]/g, "");
  const parts = [...text.matchAll(PART)];
  if (rest !== "" || parts.length === 0) return null;
  const total = parts.reduce(
    (sum, [, count, unit]) => sum + Number((count ?? "").replace(",", ".")) * sizeOf(unit ?? ""),
    0,
  );
  return Math.round(total);
}

function sizeOf(name: string): number {
  return UNITS.find((unit) => new RegExp(`^(${unit.pattern})$`, "i").test(name))?.size ?? Number.NaN;
}

/** The shortest text that `parseDurationText` reads back as exactly `ms`. */
export function formatDurationText(ms: number): string {
  const parts: string[] = [];
  let rest = ms;
  for (const { size, name } of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}
