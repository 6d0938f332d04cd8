"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTitles } from "@/components/jobs/use-titles";
import type { Lane } from "@/lib/client/schedule-timeline";
import { pieceWords } from "./piece-words";

const MOST_TOLD = 24;

/** The same as the picture, to be read. */
export function UpcomingTable({ lanes, local }: { lanes: readonly Lane[]; local: boolean }) {
  const titleOf = useTitles();
  return (
    <details className="group border-t border-line">
      <summary className="flex items-center gap-1.5 rounded-md px-4 py-2 text-xs text-muted outline-offset-[-2px] hover:text-fg">
        <ChevronRight aria-hidden className="size-3.5 shrink-0 group-open:rotate-90" />
        As a table
      </summary>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">Times of the next 24 hours, by job</caption>
        <thead>
          <tr className="text-left text-xs text-faint">
            <th scope="col" className="px-4 py-1 font-medium">
              Job
            </th>
            <th scope="col" className="px-4 py-1 font-medium">
              Schedule
            </th>
            <th scope="col" className="px-4 py-1 font-medium">
              Times ({local ? "yours" : "UTC"})
            </th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <tr key={lane.job} className="border-t border-line align-top">
              <th scope="row" className="px-4 py-1.5 text-left font-medium wrap-anywhere">
                <Link href={`/jobs/${lane.job}`} className="underline-offset-4 hover:underline">
                  {titleOf(lane.job)}
                </Link>
              </th>
              <td className="px-4 py-1.5 text-muted wrap-anywhere">
                {[...new Set(lane.schedules.map(({ words }) => words))].join("; ")}
              </td>
              <td className="px-4 py-1.5 tabular">{timesOf(lane, local)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function timesOf({ pieces }: Lane, local: boolean): string {
  const told = pieces.slice(0, MOST_TOLD).map((piece) => pieceWords(piece, local));
  const rest = pieces.length - told.length;
  return `${told.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
}
