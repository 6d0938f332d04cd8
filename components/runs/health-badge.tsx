import { AlarmClock, Ghost, Hourglass, type LucideIcon, OctagonAlert, VolumeX } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { Health } from "@/lib/domain/health";
import { HEALTH_LABEL, HEALTH_MEANING } from "./state-words";

type Sick = Exclude<Health, "healthy">;

/** Late is quiet; whatever will not get well by itself is loud. */
const LOOK = {
  late: { icon: AlarmClock, className: "text-warn" },
  silent: { icon: VolumeX, className: "bg-warn/12 text-warn" },
  overdue: { icon: Hourglass, className: "bg-bad/10 text-bad" },
  orphaned: { icon: Ghost, className: "bg-bad/10 text-bad" },
  stuck: { icon: OctagonAlert, className: "bg-bad text-surface" },
} as const satisfies Record<Sick, { icon: LucideIcon; className: string }>;

type HealthBadgeProps = {
  health: Health | null /** More than the word's meaning, where it is known. */;
  why?: string;
};

/** Nothing for a healthy or ended run: only what needs a look is said. */
export function HealthBadge({ health, why }: HealthBadgeProps) {
  if (health === null || health === "healthy") return null;
  const { icon: Icon, className } = LOOK[health];
  return (
    <span
      data-health={health}
      title={why ?? HEALTH_MEANING[health]}
      className={cn(
        "inline-flex h-5 items-center gap-1 rounded-sm px-1.5 text-xs font-semibold whitespace-nowrap",
        className,
      )}
    >
      <Icon aria-hidden className="size-3 shrink-0" />
      {HEALTH_LABEL[health]}
    </span>
  );
}
