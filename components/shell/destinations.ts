import {
  Activity,
  CalendarClock,
  Eraser,
  KeyRound,
  LayoutList,
  LifeBuoy,
  Lock,
  type LucideIcon,
  ScrollText,
  SquareStack,
  Users,
} from "lucide-react";
import type { May } from "@/lib/client/may";
import type { Role } from "@/lib/domain/access";

export type Destination = {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Follows `g` on the keyboard. */
  readonly key: string;
  /** For everything; null: also people who have a role for some jobs only, whose jobs are shown there. */
  readonly needs: Role | null;
};

/** The places of the dashboard, in rail order. Which role each needs is the server's rule (lib/auth/rules.ts). */
const WORK: readonly Destination[] = [
  { href: "/", label: "Overview", icon: Activity, key: "o", needs: null },
  { href: "/jobs", label: "Jobs", icon: SquareStack, key: "j", needs: null },
  { href: "/runs", label: "Runs", icon: LayoutList, key: "r", needs: null },
  { href: "/schedules", label: "Schedules", icon: CalendarClock, key: "s", needs: null },
  { href: "/stuck", label: "Stuck", icon: LifeBuoy, key: "u", needs: "viewer" },
  { href: "/cleanups", label: "Clean-ups", icon: Eraser, key: "c", needs: "viewer" },
  { href: "/locks", label: "Locks", icon: Lock, key: "l", needs: "viewer" },
];

const ADMINISTRATION: readonly Destination[] = [
  { href: "/users", label: "Users", icon: Users, key: "p", needs: "admin" },
  { href: "/tokens", label: "Tokens", icon: KeyRound, key: "t", needs: "admin" },
  { href: "/audit", label: "Audit", icon: ScrollText, key: "a", needs: "admin" },
];

const GROUPS = { work: WORK, administration: ADMINISTRATION } as const;
export type DestinationGroup = keyof typeof GROUPS;

/** Those that a person's role opens. */
export function destinationsOf(group: DestinationGroup, { may }: May): readonly Destination[] {
  return GROUPS[group].filter(({ needs }) => needs === null || may(needs, null));
}

export function destinationBehind(key: string, may: May): Destination | undefined {
  return [...destinationsOf("work", may), ...destinationsOf("administration", may)].find(
    (one) => one.key === key,
  );
}

export function isHere(href: string, path: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
