"use client";

import Link from "next/link";
import { useTitles } from "@/components/jobs/use-titles";
import { useNow } from "@/components/time/clock";
import { cn } from "@/components/ui/cn";
import { useHydrated } from "@/components/ui/use-hydrated";
import {
  type Axis,
  axisOf,
  type HourTick,
  hourTicks,
  type Lane,
  lanesOf,
  type Piece,
  shareAt,
} from "@/lib/client/schedule-timeline";
import type { UpcomingAnswer } from "@/lib/contracts/schedule";
import { pieceWords } from "./piece-words";
import { UpcomingTable } from "./upcoming-table";

/** Label and lane; on a phone the label is above its lane. */
const ROW = "grid items-center gap-x-3 sm:grid-cols-[10rem_minmax(0,1fr)]";
const EVERY_HOURS = 3;

/** What comes in the next hours, a lane for each job. Pictures say nothing to a screen reader: for it, and for who likes figures, there is a table. */
export function UpcomingTimeline({ upcoming }: { upcoming: UpcomingAnswer }) {
  const local = useHydrated();
  const titleOf = useTitles();
  const axis = axisOf(upcoming);
  const lanes = lanesOf(upcoming.items, axis);
  const ticks = hourTicks(axis, EVERY_HOURS, local);
  if (lanes.length === 0)
    return <p className="px-4 py-3 text-sm text-muted">Nothing is due in the next 24 hours.</p>;
  return (
    <>
      <div className="px-4 pt-2 pb-3" aria-hidden="true" data-timeline>
        <Hours axis={axis} ticks={ticks} local={local} />
        <ul>
          {lanes.map((lane) => (
            <li key={lane.job} className={cn(ROW, "py-1")}>
              <Link
                href={`/jobs/${lane.job}`}
                tabIndex={-1}
                className="truncate text-sm underline-offset-4 hover:underline max-sm:text-xs"
              >
                {titleOf(lane.job)}
              </Link>
              <LanePicture lane={lane} axis={axis} ticks={ticks} local={local} />
            </li>
          ))}
        </ul>
      </div>
      <UpcomingTable lanes={lanes} local={local} />
      {upcoming.left > 0 && (
        <p className="border-t border-line px-4 py-2 text-xs text-muted">
          {upcoming.left} further {upcoming.left === 1 ? "schedule comes" : "schedules come"} in this time,
          after those shown.
        </p>
      )}
    </>
  );
}

type Drawn = { axis: Axis; ticks: readonly HourTick[]; local: boolean };

function Hours({ axis, ticks, local }: Drawn) {
  return (
    <div className={ROW}>
      <span className="text-xs text-faint max-sm:hidden">{local ? "Your time" : "UTC"}</span>
      <div className="relative h-5">
        {ticks.map(({ at, hour }, index) => (
          <span
            key={at}
            style={{ left: `${shareAt(axis, at) * 100}%` }}
            className={cn(
              "absolute -translate-x-1/2 text-xs text-faint tabular",
              // A phone has room for every other one.
              index % 2 === 1 && "max-sm:hidden",
            )}
          >
            {String(hour).padStart(2, "0")}
          </span>
        ))}
      </div>
    </div>
  );
}

const WIDTH = 1_000;
const HEIGHT = 24;
const LEAST_WIDTH = 3;

function LanePicture({ lane, axis, ticks, local }: Drawn & { lane: Lane }) {
  const now = useNow();
  const x = (at: number) => shareAt(axis, at) * WIDTH;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="presentation"
      className="h-6 w-full overflow-visible rounded-sm bg-raised/50 text-accent"
    >
      {ticks.map(({ at }) => (
        <Upright key={at} x={x(at)} className="stroke-line" />
      ))}
      {lane.pieces.map((piece) => (
        <PieceMark key={piece.from} piece={piece} x={x} words={pieceWords(piece, local)} />
      ))}
      <Upright x={x(now)} className="stroke-fg" />
    </svg>
  );
}

function Upright({ x, className }: { x: number; className: string }) {
  return <line x1={x} x2={x} y1={0} y2={HEIGHT} className={className} vectorEffect="non-scaling-stroke" />;
}

type PieceMarkProps = { piece: Piece; x: (at: number) => number; words: string };

/** A mark is an upright bar; a band is lower and as long as its times. */
function PieceMark({ piece: { from, to }, x, words }: PieceMarkProps) {
  const isBand = to > from;
  const [top, height] = isBand ? [7, HEIGHT - 14] : [3, HEIGHT - 6];
  return (
    <rect
      x={x(from) - LEAST_WIDTH / 2}
      y={top}
      width={x(to) - x(from) + LEAST_WIDTH}
      height={height}
      fill="currentColor"
      opacity={isBand ? 0.6 : 1}
      data-piece={isBand ? "band" : "mark"}
    >
      <title>{words}</title>
    </rect>
  );
}
