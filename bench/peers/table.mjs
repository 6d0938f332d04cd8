import { percentile, times } from "./statistics.mjs";
import { TABLE } from "./targets.mjs";

/**
 * One result, as it stands in the file of rows.
 * @typedef {object} Row
 * @property {string} peer
 * @property {string} title
 * @property {string} scenario
 * @property {string} variant
 * @property {import("./session.mjs").Metrics} metrics
 * @property {string} note
 * @property {string | null} [version]
 * @property {number} [pass]
 * @property {number} [idlePercent] how idle the machine was before the daemon was started
 *
 * @typedef {string | number | boolean | null} Value null: not measured
 * @typedef {import("./targets.mjs").Line} Line
 * @typedef {import("./targets.mjs").Figure} Figure
 */

const NONE = "–";
const OURS = "unstuck";

/**
 * Every line of the targets as a line of Markdown: ours, each peer's, ours as a multiple of the reference's, the target, and whether it is met.
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function comparison(rows) {
  const measured = rows.filter(({ metrics }) => metrics.ran !== false);
  const peers = [...new Set(measured.map(({ peer }) => peer))].sort(
    (a, b) => Number(b === OURS) - Number(a === OURS),
  );
  const titles = peers.map((peer) => measured.find((row) => row.peer === peer)?.title ?? peer);
  const head = ["", ...titles, "ratio", "target", "met"];
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  const body = TABLE.map((line) => [
    `${line.name}, ${line.unit}`,
    ...peers.map((peer) => cell(line, measured, peer)),
    ratioCell(line, measured),
    line.target,
    verdict(line, measured),
  ]);
  const lines = [head, rule, ...body].map((cells) => `| ${cells.join(" | ")} |`);
  return [...lines, ...notMeasured(rows)].join("\n");
}

/**
 * What could not be measured, and why.
 * @param {readonly Row[]} rows
 */
function notMeasured(rows) {
  const said = rows
    .filter(({ metrics }) => metrics.ran === false)
    .map(({ title, scenario, note }) => `${title}${scenario === "setup" ? "" : ` ${scenario}`} (${note})`);
  return said.length === 0 ? [] : ["", `Not measured: ${said.join("; ")}.`];
}

/**
 * The median over the passes of the first variant that has the figure: what the product does by default.
 * @param {readonly Row[]} rows
 * @param {string} peer
 * @param {Figure} figure
 * @returns {Value}
 */
export function figureIn(rows, peer, figure) {
  const found = rows.filter(
    (row) => row.peer === peer && row.scenario === figure.scenario && (figure.where?.(row.metrics) ?? true),
  );
  const ofDefault = found.filter(({ variant }) => variant === found[0]?.variant);
  const values = ofDefault
    .map(({ metrics }) => metrics[figure.metric] ?? null)
    .filter((value) => value !== null);
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === values.length) return percentile(numbers, 50);
  // Of several passes the worst counts: one that never got there, or did not know.
  return values.find((value) => typeof value === "string" || value === false) ?? true;
}

/**
 * @param {Line} line
 * @param {readonly Row[]} rows
 * @param {string} peer
 */
function cell(line, rows, peer) {
  const cells = line.figures.map((figure) => shown(figureIn(rows, peer, figure)));
  return cells.every((one) => one === NONE) ? NONE : cells.join(" / ");
}

/**
 * @param {Line} line
 * @param {readonly Row[]} rows
 */
function ratioCell(line, rows) {
  const ratios = line.figures.map((figure) => {
    const ratio = ratioOf(rows, figure);
    return ratio === null ? NONE : `${shown(ratio)}×`;
  });
  return ratios.every((one) => one === NONE) ? NONE : ratios.join(" / ");
}

/**
 * Ours as a multiple of the figure that the target compares it with.
 * @param {readonly Row[]} rows
 * @param {Figure} figure
 */
function ratioOf(rows, { reference, ...figure }) {
  if (reference === undefined) return null;
  const ours = figureIn(rows, OURS, figure);
  const theirs = figureIn(rows, reference.peer, { ...figure, ...reference.figure });
  return typeof ours === "number" && typeof theirs === "number" ? times(ours, theirs) : null;
}

/**
 * @param {Line} line
 * @param {readonly Row[]} rows
 * @returns {"yes" | "no" | "–"} a line with one figure missing is not judged, unless another has failed
 */
function verdict(line, rows) {
  const verdicts = line.figures.map((figure) => isMet(rows, figure));
  if (verdicts.includes(false)) return "no";
  return verdicts.includes(null) ? NONE : "yes";
}

/**
 * @param {readonly Row[]} rows
 * @param {Figure} figure
 * @returns {boolean | null} null: not measured
 */
function isMet(rows, figure) {
  if (figure.reference === undefined) {
    const value = figureIn(rows, OURS, figure);
    return value === null
      ? null
      : figure.holds(value, (metric) => figureIn(rows, OURS, { ...figure, metric }));
  }
  const ratio = ratioOf(rows, figure);
  return ratio === null ? null : figure.holds(ratio, () => null);
}

/**
 * Three digits that mean something, and words for what is not a number.
 * @param {Value} value
 */
export function shown(value) {
  if (value === null) return NONE;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

/**
 * A row as one line for who watches.
 * @param {Row} row
 */
export function rowLine({ title, scenario, variant, metrics, note }) {
  const figures = Object.entries(metrics).map(([name, value]) => `${name} ${shown(value)}`);
  const place = [scenario, title, variant].filter((one) => one !== "").join(", ");
  return `${place}: ${figures.join(", ")}${note === "" ? "" : ` (${note})`}`;
}
