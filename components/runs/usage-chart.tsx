"use client";

import { type KeyboardEvent, type PointerEvent, useId } from "react";
import { cn } from "@/components/ui/cn";
import {
  CHART_HEIGHT,
  CHART_WIDTH,
  type ChartPoint,
  drawChart,
  nearestPoint,
} from "@/lib/client/usage-chart";

type Props = {
  name: string;
  points: readonly ChartPoint[];
  format: (value: number) => string;
  formatTime: (at: number) => string;
  /** What the newest point is called. */
  newest: string;
  limit: number | null;
  /** The top is never below this: what hardly moves must not look wild. */
  calm: number;
  /** The point under the crosshair, shared by the charts of a page; null: the newest. */
  chosen: number | null;
  onChoose: (index: number | null) => void;
  className: string;
};

/** One measure over time. Pointer or arrow keys move the crosshair; what stands there is said in words above it. */
export function UsageChart({
  name,
  points,
  format,
  formatTime,
  newest,
  limit,
  calm,
  chosen,
  onChoose,
  className,
}: Props) {
  const id = useId();
  const chart = drawChart(points, limit ?? calm);
  const index = Math.min(chosen ?? points.length - 1, points.length - 1);
  const point = points[index];
  const place = chart.places[index];
  if (point === undefined || place === undefined) return null;
  const values = points.map(({ value }) => value);
  const summary = `${name} over time: lowest ${format(Math.min(...values))}, highest ${format(Math.max(...values))}, newest ${format(points.at(-1)?.value ?? 0)}${limit === null ? "" : `, limit ${format(limit)}`}.`;
  const follow = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    onChoose(nearestPoint(chart, (event.clientX - box.left) / Math.max(1, box.width)));
  };
  const step = (event: KeyboardEvent<HTMLElement>) => {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: points.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChoose(Math.max(0, Math.min(points.length - 1, to)));
  };
  return (
    <figure className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span className="text-xs text-faint">{name}</span>
        <span className="tabular">
          <span className="font-medium">{format(point.value)}</span>{" "}
          <span className="text-xs text-muted">{chosen === null ? newest : formatTime(point.at)}</span>
        </span>
      </figcaption>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${name}, moment`}
        aria-describedby={id}
        aria-valuemin={0}
        aria-valuemax={points.length - 1}
        aria-valuenow={index}
        aria-valuetext={`${formatTime(point.at)}: ${format(point.value)}`}
        onPointerMove={follow}
        onPointerDown={follow}
        onPointerLeave={() => onChoose(null)}
        onBlur={() => onChoose(null)}
        onKeyDown={step}
        className="relative h-24 touch-pan-y rounded-sm outline-offset-4"
      >
        <Curve chart={chart} limit={limit} crosshairX={chosen === null ? null : place.x} />
        <span
          className="pointer-events-none absolute size-2 -translate-x-1/2 translate-y-1/2 rounded-full border-2 border-surface bg-current"
          style={{ left: `${place.x * 100}%`, bottom: `${place.y * 100}%` }}
        />
      </div>
      <div className="flex justify-between text-xs text-faint tabular">
        <span>{formatTime(points[0]?.at ?? 0)}</span>
        <span>top {format(chart.top)}</span>
        <span>{formatTime(points.at(-1)?.at ?? 0)}</span>
      </div>
      <p id={id} className="sr-only">
        {summary}
      </p>
    </figure>
  );
}

type CurveProps = {
  chart: ReturnType<typeof drawChart>;
  limit: number | null;
  /** From 0, the left, to 1; null: no crosshair. */
  crosshairX: number | null;
};

function Curve({ chart, limit, crosshairX }: CurveProps) {
  return (
    <svg
      viewBox={`0 0 ${CHART_WIDTH} ${CHART_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className="size-full overflow-visible"
    >
      {[0, 0.5, 1].map((share) => (
        <Across key={share} y={share} className="stroke-line" />
      ))}
      <path d={chart.area} fill="currentColor" opacity={0.14} />
      <path
        d={chart.line}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
      {limit !== null && <Across y={limit / chart.top} className="stroke-bad" dashed />}
      {crosshairX !== null && (
        <line
          x1={crosshairX * CHART_WIDTH}
          x2={crosshairX * CHART_WIDTH}
          y1={0}
          y2={CHART_HEIGHT}
          className="stroke-muted"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

function Across({ y, className, dashed = false }: { y: number; className: string; dashed?: boolean }) {
  const at = (1 - y) * CHART_HEIGHT;
  return (
    <line
      x1={0}
      x2={CHART_WIDTH}
      y1={at}
      y2={at}
      className={className}
      strokeDasharray={dashed ? "5 4" : undefined}
      vectorEffect="non-scaling-stroke"
    />
  );
}
