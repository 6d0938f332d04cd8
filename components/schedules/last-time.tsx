"use client";

import {
  CalendarX2,
  CircleDashed,
  CirclePlay,
  CircleX,
  Clock3,
  type LucideIcon,
  SkipForward,
} from "lucide-react";
import Link from "next/link";
import { TONE_TEXT, type Tone } from "@/components/runs/state-badge";
import { Ago } from "@/components/time/ago";
import { cn } from "@/components/ui/cn";
import type { SlotView } from "@/lib/contracts/schedule";
import type { SlotState } from "@/lib/domain/schedule";
import { slotWords } from "./slot-words";

/** Every state has its own shape, so that colour is never the only signal. */
const LOOK = {
  due: { Icon: CircleDashed, tone: "active" },
  waiting: { Icon: Clock3, tone: "idle" },
  started: { Icon: CirclePlay, tone: "ok" },
  skipped: { Icon: SkipForward, tone: "idle" },
  missed: { Icon: CalendarX2, tone: "warn" },
  failed: { Icon: CircleX, tone: "bad" },
} as const satisfies Record<SlotState, { Icon: LucideIcon; tone: Tone }>;

type LastTimeProps = {
  last: SlotView | null;
  /** Where there is room for one line only. */
  brief?: boolean;
};

/** What became of the newest time of a schedule: in words, with its run and why. */
export function LastTime({ last, brief = false }: LastTimeProps) {
  if (last === null) return <span className="text-faint">none yet</span>;
  const { Icon, tone } = LOOK[last.state];
  return (
    <span className={cn(brief && "block truncate")} title={brief ? (last.why ?? undefined) : undefined}>
      <span
        data-state={last.state}
        className={cn("inline-flex items-center gap-1.5 align-middle whitespace-nowrap", TONE_TEXT[tone])}
      >
        <Icon aria-hidden className="size-3.5 shrink-0" />
        {slotWords(last)}
      </span>{" "}
      <Ago at={last.slot} className="text-muted" />
      {last.run !== null && (
        <>
          {" · "}
          <Link
            href={`/runs/${last.run}`}
            aria-label={`Run ${last.run}`}
            className="relative z-1 text-accent underline underline-offset-2"
          >
            its run
          </Link>
        </>
      )}
      {last.why !== null && <span className="text-muted wrap-anywhere"> · {last.why}</span>}
    </span>
  );
}
