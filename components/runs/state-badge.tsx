import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleStop,
  CircleX,
  Clock3,
  type LucideIcon,
  Sparkles,
  TimerOff,
  Unplug,
} from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { RunState } from "@/lib/domain/run";
import { STATE_LABEL } from "./state-words";

export const TONES = ["ok", "active", "warn", "bad", "idle"] as const;
export type Tone = (typeof TONES)[number];

export const TONE_TEXT = {
  ok: "text-ok",
  active: "text-active",
  warn: "text-warn",
  bad: "text-bad",
  idle: "text-idle",
} as const satisfies Record<Tone, string>;

export const STATE_TONE = {
  queued: "idle",
  starting: "active",
  running: "active",
  stopping: "warn",
  completed: "ok",
  failed: "bad",
  stopped: "idle",
  timed_out: "bad",
  interrupted: "warn",
  cleaned: "idle",
} as const satisfies Record<RunState, Tone>;

/** Every state has its own shape, so that colour is never the only signal. */
const STATE_ICON = {
  queued: Clock3,
  starting: CircleDashed,
  running: CircleDot,
  stopping: CirclePause,
  completed: CircleCheck,
  failed: CircleX,
  stopped: CircleStop,
  timed_out: TimerOff,
  interrupted: Unplug,
  cleaned: Sparkles,
} as const satisfies Record<RunState, LucideIcon>;

const MOVES: readonly RunState[] = ["starting", "running", "stopping"];

export function StateBadge({ state, large = false }: { state: RunState; large?: boolean }) {
  const Icon = STATE_ICON[state];
  return (
    <span
      data-state={state}
      className={cn(
        "inline-flex items-center gap-1.5 align-middle font-medium whitespace-nowrap",
        TONE_TEXT[STATE_TONE[state]],
        large ? "rounded-full border border-current/25 px-2.5 py-0.5 text-sm" : "text-sm",
      )}
    >
      <Icon
        aria-hidden
        className={cn("size-3.5 shrink-0", MOVES.includes(state) && "motion-safe:animate-breathe")}
      />
      {STATE_LABEL[state]}
    </span>
  );
}

/** A job that has never run has no run state. */
export function NeverRan() {
  return (
    <span data-state="never" className="inline-flex items-center gap-1.5 text-sm whitespace-nowrap text-idle">
      <Ban aria-hidden className="size-3.5 shrink-0 opacity-60" /> Never ran
    </span>
  );
}
