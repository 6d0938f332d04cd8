/** How a run's tree used the machine around one moment. */
export type UsagePoint = {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Since the run began. */
  readonly cpuMs: number;
  /** Since the point before; 100 is one whole core. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly processes: number;
};

const POINTS = 120;
const FIELDS = 5;

/** The newest points, ten minutes of them, in one block of numbers: a thousand runs must not cost a million objects. */
export type Series = { readonly numbers: Float64Array; written: number };

export function emptySeries(): Series {
  return { numbers: new Float64Array(POINTS * FIELDS), written: 0 };
}

export function addPoint(series: Series, point: UsagePoint): void {
  const { at, cpuMs, cpuPercent, memoryBytes, processes } = point;
  series.numbers.set([at, cpuMs, cpuPercent, memoryBytes, processes], (series.written % POINTS) * FIELDS);
  series.written += 1;
}

/** Oldest first. */
export function pointsOf(series: Series): UsagePoint[] {
  const count = Math.min(series.written, POINTS);
  return Array.from({ length: count }, (_, index) => pointAt(series, series.written - count + index));
}

export function lastPoint(series: Series): UsagePoint | null {
  return series.written === 0 ? null : pointAt(series, series.written - 1);
}

function pointAt({ numbers }: Series, index: number): UsagePoint {
  const [at = 0, cpuMs = 0, cpuPercent = 0, memoryBytes = 0, processes = 0] = numbers.subarray(
    (index % POINTS) * FIELDS,
    (index % POINTS) * FIELDS + FIELDS,
  );
  return { at, cpuMs, cpuPercent, memoryBytes, processes };
}
