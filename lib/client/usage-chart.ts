/** The geometry of a small chart over time. Shares: 0 is left or bottom, 1 is right or top. */

export type ChartPoint = { readonly at: number; readonly value: number };

export const CHART_WIDTH = 600;
export const CHART_HEIGHT = 96;

export type Chart = {
  readonly line: string;
  readonly area: string;
  /** The value at the top edge. */
  readonly top: number;
  /** Where each point stands, in shares of the width and the height. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
};

/** @param atLeast a value that must be on the chart, such as a limit */
export function drawChart(points: readonly ChartPoint[], atLeast: number): Chart {
  const top = niceTop(Math.max(atLeast, ...points.map(({ value }) => value)));
  const begin = points[0]?.at ?? 0;
  const span = Math.max(1, (points.at(-1)?.at ?? 0) - begin);
  const places = points.map(({ at, value }) => ({ x: (at - begin) / span, y: value / top }));
  const corners = places.map(({ x, y }) => `${round(x * CHART_WIDTH)} ${round((1 - y) * CHART_HEIGHT)}`);
  const line = corners.length === 0 ? "" : `M${corners.join("L")}`;
  const last = places.at(-1)?.x ?? 0;
  const area = line === "" ? "" : `${line}L${round(last * CHART_WIDTH)} ${CHART_HEIGHT}L0 ${CHART_HEIGHT}Z`;
  return { line, area, top, places };
}

/** The next of 1, 2, 5, 10, 20, 50 … that is not below. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

/** The point nearest to a share of the width; -1 when there is none. */
export function nearestPoint({ places }: Chart, share: number): number {
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  places.forEach(({ x }, index) => {
    if (Math.abs(x - share) >= distance) return;
    distance = Math.abs(x - share);
    best = index;
  });
  return best;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
