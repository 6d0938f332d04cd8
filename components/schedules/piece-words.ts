import type { Piece } from "@/lib/client/schedule-timeline";

/** `03:00` on the reader's clock, or in UTC while the reader's zone is not known. */
function clockOf(at: number, local: boolean): string {
  const date = new Date(at);
  const [hours, minutes] = local
    ? [date.getHours(), date.getMinutes()]
    : [date.getUTCHours(), date.getUTCMinutes()];
  return [hours, minutes].map((part) => String(part).padStart(2, "0")).join(":");
}

/** `03:00`, `03:00 to 05:45, 12 times`. */
export function pieceWords({ from, to, count }: Piece, local: boolean): string {
  if (from === to) return clockOf(from, local);
  return `${clockOf(from, local)} to ${clockOf(to, local)}, ${count === null ? "many times" : `${count} times`}`;
}
