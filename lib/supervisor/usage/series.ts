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

/** At first; it doubles when it is full. */
const ROOM = 15;

/**
 * The newest points, ten minutes of them at full rate, in one block of numbers: a thousand runs must not cost a million objects. The block
 * grows with what is in it: of runs that stand still there is little.
 */
export type Series = { numbers: Float64Array; written: number };

export function emptySeries(): Series {
  return { numbers: new Float64Array(ROOM * FIELDS), written: 0 };
}

export function addPoint(series: Series, point: UsagePoint): void {
  const { at, cpuMs, cpuPercent, memoryBytes, processes } = point;
  if (series.written * FIELDS === series.numbers.length && series.written < POINTS) grow(series);
  series.numbers.set([at, cpuMs, cpuPercent, memoryBytes, processes], (series.written % POINTS) * FIELDS);
  series.written += 1;
}

function grow(series: Series): void {
  const numbers = new Float64Array(Math.min(POINTS * FIELDS, series.numbers.length * 2));
  numbers.set(series.numbers);
  series.numbers = numbers;
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
