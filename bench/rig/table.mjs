/**
 * The figures as a Markdown table that also reads well on a terminal.
 * @param {readonly import("./figures.mjs").Figure[]} figures
 */
export function table(figures) {
  const rows = figures.map(({ figure, unit, value, baseline }) => [
    figure,
    `${number(value)} ${unit}`.trim(),
    baseline === null ? "–" : `${number(baseline)} ${unit}`.trim(),
    baseline === null || baseline === 0 ? "–" : `${number(value / baseline)}×`,
  ]);
  const all = [["figure", "Unstuck", "baseline", "ratio"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, index) => "-".repeat(width + 1) + (index === 0 ? "-" : ":")).join("|")}|`;
  return [line(all[0] ?? []), rule, ...rows.map(line)].join("\n");
}

/** Three digits that mean something: `0.0123`, `4.56`, `78.9`, `12,345`. @param {number} value */
function number(value) {
  if (!Number.isFinite(value)) return "?";
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}
