import { Activity, Eraser, LayoutList, LifeBuoy, Lock, type LucideIcon, SquareStack } from "lucide-react";

export type Destination = { href: string; label: string; icon: LucideIcon; key: string };

/** The places of the dashboard, in rail order. `key` follows `g` on the keyboard. */
export const DESTINATIONS: readonly Destination[] = [
  { href: "/", label: "Overview", icon: Activity, key: "o" },
  { href: "/jobs", label: "Jobs", icon: SquareStack, key: "j" },
  { href: "/runs", label: "Runs", icon: LayoutList, key: "r" },
  { href: "/stuck", label: "Stuck", icon: LifeBuoy, key: "u" },
  { href: "/cleanups", label: "Clean-ups", icon: Eraser, key: "c" },
  { href: "/locks", label: "Locks", icon: Lock, key: "l" },
];

export function isHere(href: string, path: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
