import { describe, expect, test } from "vitest";
import { CHART_HEIGHT, CHART_WIDTH, drawChart, nearestPoint, niceTop } from "./usage-chart";

describe("the top of a chart", () => {
  for (const [value, top] of [
    [0, 1],
    [-3, 1],
    [Number.NaN, 1],
    [1, 1],
    [1.01, 2],
    [3, 5],
    [99, 100],
    [101, 200],
    [0.03, 0.05],
    [7e9, 1e10],
  ] as const)
    test(`above ${value} is ${top}`, () => expect(niceTop(value)).toBeCloseTo(top));
});

test("time goes from edge to edge and values from the bottom to the top", () => {
  const chart = drawChart(
    [
      { at: 1_000, value: 0 },
      { at: 4_000, value: 100 },
      { at: 5_000, value: 50 },
    ],
    0,
  );
  expect(chart.top).toBe(100);
  expect(chart.line).toBe(`M0 ${CHART_HEIGHT}L450 0L${CHART_WIDTH} ${CHART_HEIGHT / 2}`);
  expect(chart.area).toBe(`${chart.line}L${CHART_WIDTH} ${CHART_HEIGHT}L0 ${CHART_HEIGHT}Z`);
});

test("a limit above every value is on the chart", () => {
  expect(drawChart([{ at: 0, value: 10 }], 900).top).toBe(1_000);
});

test("no point and one point break nothing", () => {
  expect(drawChart([], 0)).toMatchObject({ line: "", area: "", places: [] });
  expect(drawChart([{ at: 5, value: 1 }], 0).places).toEqual([{ x: 0, y: 1 }]);
  expect(nearestPoint(drawChart([], 0), 0.5)).toBe(-1);
});

test("the crosshair takes the nearest point", () => {
  const chart = drawChart(
    [0, 10, 100].map((at) => ({ at, value: at })),
    0,
  );
  expect([0, 0.04, 0.06, 0.5, 0.9, 2].map((share) => nearestPoint(chart, share))).toEqual([0, 0, 1, 1, 2, 2]);
});
