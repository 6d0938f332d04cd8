import type { UpcomingAnswer, UpcomingView } from "@/lib/contracts/schedule";

/** The geometry of what comes: a lane for each job. Shares: 0 is the left end, 1 the right one. */

export type Axis = { readonly from: number; readonly to: number };

/** Times in a row that are too close to tell apart; a single one begins where it ends. Epoch milliseconds. */
export type Piece = {
  readonly from: number;
  readonly to: number;
  /** null: they were not counted. */
  readonly count: number | null;
};

export type Lane = {
  readonly job: string;
  readonly pieces: readonly Piece[];
  readonly schedules: readonly UpcomingView[];
};

/** A little of what has passed is shown, so that there is a line at the present and not an edge. */
const PAST_SHARE = 0.02;

export function axisOf({ from, to }: Pick<UpcomingAnswer, "from" | "to">): Axis {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  return { from: begin - (end - begin) * PAST_SHARE, to: end };
}

/** Outside the axis it is below 0 or above 1. */
export function shareAt({ from, to }: Axis, at: number): number {
  return (at - from) / (to - from);
}

/** Jobs by what comes first. */
export function lanesOf(items: readonly UpcomingView[], axis: Axis): readonly Lane[] {
  const byJob = new Map<string, UpcomingView[]>();
  for (const item of items)
    if (item.times.length > 0) byJob.set(item.job, [...(byJob.get(item.job) ?? []), item]);
  const lanes = [...byJob].map(([job, schedules]) => ({ job, schedules, pieces: piecesOf(schedules, axis) }));
  return lanes.sort((one, other) => (one.pieces[0]?.from ?? 0) - (other.pieces[0]?.from ?? 0));
}

/** Marks that are nearer than this touch each other. */
const NEAR_SHARE = 0.012;
/** Fewer than that in a row are still told apart. */
const LEAST_IN_BAND = 3;

function piecesOf(schedules: readonly UpcomingView[], axis: Axis): readonly Piece[] {
  const times = schedules
    .flatMap(({ times, sampledMs }) => times.map((iso) => ({ at: Date.parse(iso), sampledMs })))
    .sort((one, other) => one.at - other.at);
  const near = (axis.to - axis.from) * NEAR_SHARE;
  const rows: (typeof times)[] = [];
  for (const time of times) {
    const row = rows.at(-1);
    const before = row?.at(-1);
    if (row !== undefined && before !== undefined && time.at - before.at <= near) row.push(time);
    else rows.push([time]);
  }
  return rows.flatMap((row) =>
    row.length < LEAST_IN_BAND ? row.map((time) => piece([time])) : [piece(row)],
  );
}

function piece(row: readonly { readonly at: number; readonly sampledMs: number | null }[]): Piece {
  const isCounted = row.every(({ sampledMs }) => sampledMs === null);
  return { from: row[0]?.at ?? 0, to: row.at(-1)?.at ?? 0, count: isCounted ? row.length : null };
}

export type HourTick = { readonly at: number; readonly hour: number };

const HOUR_MS = 3_600_000;

/**
 * The whole hours on the axis, every so many of the day.
 * @param local in the reader's own time, else in UTC: hours begin at another minute in some zones, and a day may have 23 of them
 */
export function hourTicks({ from, to }: Axis, every: number, local: boolean): readonly HourTick[] {
  const first = new Date(from);
  if (local) first.setMinutes(0, 0, 0);
  else first.setUTCMinutes(0, 0, 0);
  const ticks: HourTick[] = [];
  for (let at = first.getTime(); at < to; at += HOUR_MS) {
    const hour = local ? new Date(at).getHours() : new Date(at).getUTCHours();
    if (at >= from && hour % every === 0) ticks.push({ at, hour });
  }
  return ticks;
}
