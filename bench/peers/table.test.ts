import { describe, expect, test } from "vitest";
import { comparison, figureIn, rowLine, shown } from "./table.mjs";
import { TABLE } from "./targets.mjs";

type Metrics = Record<string, string | number | boolean | null>;

const TITLES: Record<string, string> = { unstuck: "Unstuck", pm2: "PM2", supervisord: "supervisord" };

function row(peer: string, scenario: string, metrics: Metrics, variant = "") {
  return { peer, title: TITLES[peer] ?? peer, scenario, variant, metrics, note: "" };
}

/** The cells of the one line whose name begins so. */
function lineOf(rows: readonly ReturnType<typeof row>[], name: string): string[] {
  const found = comparison(rows)
    .split("\n")
    .filter((line) => line.startsWith(`| ${name}`));
  expect(found).toHaveLength(1);
  return (found[0] ?? "")
    .split("|")
    .map((cell) => cell.trim())
    .slice(2, -1);
}

describe("the comparison", () => {
  test("ours stands first, then the peers as they were measured", () => {
    const rows = [row("pm2", "S2", { up_status_ms: 100 }), row("unstuck", "S2", { up_status_ms: 130 })];
    expect(comparison(rows).split("\n")[0]).toBe("|  | Unstuck | PM2 | ratio | target | met |");
    expect(lineOf(rows, "S2 200 up")).toEqual(["130", "100", "1.3×", "≤ 1.4 × PM2", "yes"]);
  });

  test("a target is missed when one of its figures misses it", () => {
    const rows = [
      row("unstuck", "S1", { p50_ms: 12, p95_ms: 40 }, "HTTP API"),
      row("pm2", "S1", { p50_ms: 8, p95_ms: 20 }, "API"),
    ];
    expect(lineOf(rows, "S1 API")).toEqual(["12 / 40", "8 / 20", "1.5× / 2×", "≤ 1.5 × PM2", "no"]);
  });

  test("nothing is judged that was not measured", () => {
    const rows = [row("unstuck", "S2", { up_status_ms: 130, down_status_ms: null })];
    expect(lineOf(rows, "S2 200 up")).toEqual(["130", "–", "≤ 1.4 × PM2", "–"]);
    expect(lineOf(rows, "S2 200 down")).toEqual(["–", "–", "≤ 0.08 × PM2", "–"]);
    expect(lineOf(rows, "S10")).toEqual(["–", "–", "≤ 1.2 × supervisord", "–"]);
  });

  test("memory is compared with a figure of its own, for each number of runs", () => {
    const rows = [
      row("unstuck", "S3", { size: "some", empty_pss_mb: 120.4, pss_mb: 150, cpu_pct: 0.3, start_s: 1 }),
      row("unstuck", "S3", { size: "many", empty_pss_mb: 121, pss_mb: 341, cpu_pct: 1.5, start_s: 9 }),
    ];
    expect(lineOf(rows, "S3 PSS")).toEqual(["120 / 150 / 341", "–", "≤ 160 / 200 / 340", "no"]);
    expect(lineOf(rows, "S3 CPU")).toEqual(["1.5", "–", "≤ 1.5", "yes"]);
  });

  test.each([
    [{ truthful_ms: 1_100, adopted: 49, exit_code_7_known: true }, "yes"],
    [{ truthful_ms: "never (30 s)", adopted: 49, exit_code_7_known: true }, "no"],
    [{ truthful_ms: 1_100, adopted: 48, exit_code_7_known: true }, "no"],
    [{ truthful_ms: 1_100, adopted: 49, exit_code_7_known: false }, "no"],
    [{ truthful_ms: 1_100, adopted: 49, exit_code_7_known: null }, "–"],
  ])("after a crash it must be in time, with all children and the exit code: %o", (metrics, met) => {
    expect(lineOf([row("unstuck", "S5", { children: 50, ...metrics })], "S5").at(-1)).toBe(met);
  });

  test("an unchanged status is compared with the peer's whole list", () => {
    const rows = [
      row("unstuck", "S9", { kind: "list", rps_10_conn: 1_000, p99_ms: 30 }, "GET /status"),
      row("unstuck", "S9", { kind: "unchanged", rps_10_conn: 3_000, p99_ms: 9 }, "If-None-Match"),
      row("supervisord", "S9", { kind: "list", rps_10_conn: 100, p99_ms: 120 }, "new connection each"),
      row("supervisord", "S9", { kind: "other", rps_10_conn: 9_999, p99_ms: 1 }, "kept alive"),
    ];
    expect(lineOf(rows, "S9")).toEqual([
      "1,000 / 30 / 3,000",
      "100 / 120 / –",
      "10× / 0.25× / 30×",
      "≥ 8 × / ≤ 0.3 × / ≥ 30 × supervisord",
      "yes",
    ]);
  });

  test("what failed gives no figure, and is said below with its reason", () => {
    const rows = [
      { ...row("scrapyd", "setup", { ran: false }), title: "Scrapyd", note: "no source" },
      { ...row("pm2", "S2", { ran: false }), note: "failed: no answer" },
      row("pm2", "S10", { tail_1000_ms: 250 }),
    ];
    expect(comparison(rows).split("\n")[0]).toBe("|  | PM2 | ratio | target | met |");
    expect(comparison(rows).split("\n").slice(-2)).toEqual([
      "",
      "Not measured: Scrapyd (no source); PM2 S2 (failed: no answer).",
    ]);
    expect(comparison(rows.slice(2))).not.toContain("Not measured");
  });

  test("every line names a scenario, and no two are the same", () => {
    expect(new Set(TABLE.map(({ name }) => name)).size).toBe(TABLE.length);
    for (const { name, figures } of TABLE)
      for (const { scenario } of figures) expect(name.startsWith(`${scenario} `)).toBe(true);
  });
});

describe("a figure of several passes", () => {
  const of = (...values: (number | string | boolean | null)[]) =>
    figureIn(
      values.map((value) => row("unstuck", "S5", { metric: value })),
      "unstuck",
      { scenario: "S5", metric: "metric", holds: () => true },
    );

  test("is the median, of the first variant alone", () => {
    expect(of(30, 10, 20)).toBe(20);
    const rows = [row("pm2", "S1", { p50_ms: 8 }, "API"), row("pm2", "S1", { p50_ms: 5 }, "CLI")];
    expect(figureIn(rows, "pm2", { scenario: "S1", metric: "p50_ms", holds: () => true })).toBe(8);
  });

  test("is the worst where one pass has no number", () => {
    expect(of(900, "never (30 s)", 1_000)).toBe("never (30 s)");
    expect(of(true, false, true)).toBe(false);
    expect(of(true, true)).toBe(true);
    expect(of(true, null)).toBe(true);
  });

  test("leaves out a pass in which it was not measured", () => {
    expect(of(900, null)).toBe(900);
    expect(of(null, null)).toBe(null);
  });
});

test("figures are shown with three digits that mean something", () => {
  expect([1_234.5, 12.345, 0.01234, 7, null, true, "never (30 s)"].map(shown)).toEqual([
    "1,235",
    "12.3",
    "0.0123",
    "7",
    "–",
    "yes",
    "never (30 s)",
  ]);
});

test("a row is one line", () => {
  const one = { ...row("pm2", "S8", { requests: 50, worst_running: 50 }, "API start"), note: "once" };
  expect(rowLine(one)).toBe("S8, PM2, API start: requests 50, worst_running 50 (once)");
});
