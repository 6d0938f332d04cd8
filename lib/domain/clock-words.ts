import type { DueTime } from "./schedule";

/** `2026-03-29 03:00`, as a clock on the wall there shows it; with seconds where there are some. */
export function wallTime({ at, offsetMs }: Pick<DueTime, "at" | "offsetMs">): string {
  const text = new Date(at + offsetMs).toISOString().replace("T", " ");
  return text.slice(0, text.endsWith(":00.000Z") ? 16 : 19);
}

/** `+02:00` */
export function offsetWords(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0"));
  return `${offsetMs < 0 ? "-" : "+"}${hours}:${rest}`;
}

/** What a change of clocks has to do with a time, in a sentence; null: nothing. */
export function clockWords({ clock, offsetMs, at }: DueTime): string | null {
  if (clock === null) return null;
  const { change, byMs, occurrence, moved } = clock;
  // Before the change the zone was behind where clocks go forward, and ahead where they go back.
  const offsetBefore = at >= clock.at ? offsetMs - byMs : offsetMs;
  const [from, to] = [offsetBefore, offsetBefore + byMs].map((offset) =>
    wallTime({ at: clock.at, offsetMs: offset }).slice(11, 16),
  );
  const night = `clocks go ${change} from ${from} to ${to}`;
  if (moved) return `moved: ${night}, and the planned time does not exist that day`;
  if (occurrence === 1) return `${night}: the first of two with the same clock time`;
  if (occurrence === 2) return `${night}: the second of two with the same clock time`;
  return night;
}
