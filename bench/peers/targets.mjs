/**
 * What the comparison shows, line by line, and what each must reach; docs/performance.md says what they mean.
 *
 * @typedef {import("./table.mjs").Value} Value
 *
 * @typedef {object} Figure
 * @property {string} scenario
 * @property {string} metric
 * @property {(metrics: import("./session.mjs").Metrics) => boolean} [where] which of the scenario's rows
 * @property {{ peer: string, figure?: Partial<Figure> }} [reference] what ours is divided by; `figure`: if it is not the same one
 * @property {(value: Value, other: (metric: string) => Value) => boolean} holds of the ratio, or without a reference of the value; `other`: another of
 * the row's metrics
 *
 * @typedef {{ name: string, unit: string, figures: readonly Figure[], target: string }} Line
 */

const some = (/** @type {import("./session.mjs").Metrics} */ { size }) => size === "some";
const many = (/** @type {import("./session.mjs").Metrics} */ { size }) => size === "many";
const list = (/** @type {import("./session.mjs").Metrics} */ { kind }) => kind === "list";
const unchanged = (/** @type {import("./session.mjs").Metrics} */ { kind }) => kind === "unchanged";

/** @param {number} limit @returns {(value: Value) => boolean} */
const atMost = (limit) => (value) => typeof value === "number" && value <= limit;
/** @param {number} limit @returns {(value: Value) => boolean} */
const atLeast = (limit) => (value) => typeof value === "number" && value >= limit;

const PM2 = { peer: "pm2" };
const SUPERVISORD = { peer: "supervisord" };

/** @type {readonly Line[]} */
export const TABLE = [
  {
    name: "S1 API start → the program's first act, p50 / p95",
    unit: "ms",
    figures: ["p50_ms", "p95_ms"].map((metric) => ({
      scenario: "S1",
      metric,
      reference: PM2,
      holds: atMost(1.5),
    })),
    target: "≤ 1.5 × PM2",
  },
  {
    name: "S2 200 up, by status",
    unit: "ms",
    figures: [{ scenario: "S2", metric: "up_status_ms", reference: PM2, holds: atMost(1.4) }],
    target: "≤ 1.4 × PM2",
  },
  {
    name: "S2 200 down, by status",
    unit: "ms",
    figures: [{ scenario: "S2", metric: "down_status_ms", reference: PM2, holds: atMost(0.08) }],
    target: "≤ 0.08 × PM2",
  },
  {
    name: "S3 PSS with 0 / 200 / 1,000 idle runs, helpers included",
    unit: "MB",
    figures: [
      { scenario: "S3", metric: "empty_pss_mb", holds: atMost(160) },
      { scenario: "S3", metric: "pss_mb", where: some, holds: atMost(200) },
      { scenario: "S3", metric: "pss_mb", where: many, holds: atMost(340) },
    ],
    target: "≤ 160 / 200 / 340",
  },
  {
    name: "S3 CPU of 1,000 idle runs",
    unit: "% of a core",
    figures: [{ scenario: "S3", metric: "cpu_pct", where: many, holds: atMost(1.5) }],
    target: "≤ 1.5",
  },
  {
    name: "S3 1,000 starts",
    unit: "s",
    figures: [{ scenario: "S3", metric: "start_s", where: many, reference: PM2, holds: atMost(1.4) }],
    target: "≤ 1.4 × PM2",
  },
  {
    name: "S4 death → truth by API, p50 / p95",
    unit: "ms",
    figures: [
      { scenario: "S4", metric: "p50_ms", reference: SUPERVISORD, holds: atMost(4) },
      { scenario: "S4", metric: "p95_ms", reference: SUPERVISORD, holds: atMost(6) },
    ],
    target: "≤ 4 × / 6 × supervisord",
  },
  {
    name: "S5 truthful again after `kill -9` / adopted / exit code known",
    unit: "ms",
    figures: [
      { scenario: "S5", metric: "truthful_ms", holds: atMost(1_200) },
      {
        scenario: "S5",
        metric: "adopted",
        // All but the one that ended by itself meanwhile.
        holds: (value, other) => atLeast(Number(other("children") ?? Number.NaN) - 1)(value),
      },
      { scenario: "S5", metric: "exit_code_7_known", holds: (value) => value === true },
    ],
    target: "≤ 1,200 / 49 of 50 / yes",
  },
  {
    name: "S9 status of 200 jobs, 10 connections: calls/s / p99 / calls/s if unchanged",
    unit: "/s, ms, /s",
    figures: [
      { scenario: "S9", metric: "rps_10_conn", where: list, reference: SUPERVISORD, holds: atLeast(8) },
      { scenario: "S9", metric: "p99_ms", where: list, reference: SUPERVISORD, holds: atMost(0.3) },
      {
        scenario: "S9",
        metric: "rps_10_conn",
        where: unchanged,
        // Its list knows no If-None-Match, so there is only one way to ask it.
        reference: { ...SUPERVISORD, figure: { where: list } },
        holds: atLeast(30),
      },
    ],
    target: "≥ 8 × / ≤ 0.3 × / ≥ 30 × supervisord",
  },
  {
    name: "S10 last 1,000 lines",
    unit: "ms",
    figures: [{ scenario: "S10", metric: "tail_1000_ms", reference: SUPERVISORD, holds: atMost(1.2) }],
    target: "≤ 1.2 × supervisord",
  },
];
