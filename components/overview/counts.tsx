import Link from "next/link";
import { cn } from "@/components/ui/cn";
import type { LiveCounts } from "@/lib/domain/attention";

type Figure = { key: keyof LiveCounts; label: string; href: string; tone: string; means: string };

const FIGURES: readonly Figure[] = [
  {
    key: "healthy",
    label: "Healthy",
    href: "/runs?state=starting,running,stopping",
    tone: "text-active",
    means: "runs with a process and no problem",
  },
  {
    key: "waiting",
    label: "Waiting",
    href: "/runs?state=queued",
    tone: "text-fg",
    means: "runs that wait for a lock or their turn",
  },
  { key: "late", label: "Late", href: "#attention", tone: "text-warn", means: "quiet for longer than usual" },
  {
    key: "silent",
    label: "Silent",
    href: "#attention",
    tone: "text-warn",
    means: "over their silence timeout",
  },
  {
    key: "stuck",
    label: "Stuck",
    href: "/stuck#hung",
    tone: "text-bad",
    means: "active and hung, orphaned or overdue",
  },
  {
    key: "resumable",
    label: "Resumable",
    href: "/stuck#resumable",
    tone: "text-ok",
    means: "ended, with work that is kept",
  },
  {
    key: "dead",
    label: "Dead",
    href: "/stuck#dead",
    tone: "text-bad",
    means: "ended, with nothing to resume from",
  },
  {
    key: "failed",
    label: "Failed (24 h)",
    href: "#attention",
    tone: "text-bad",
    means: "jobs whose newest run went wrong within a day, where nothing is left to decide",
  },
];

/** The state of things in eight numbers; each run counts in one of them. A zero is quiet. */
export function Counts({ counts }: { counts: LiveCounts }) {
  return (
    <ul
      aria-label="Live counts"
      className="grid grid-cols-8 overflow-hidden rounded-lg border border-line bg-surface max-lg:grid-cols-4"
    >
      {FIGURES.map(({ key, label, href, tone, means }) => (
        <li key={key} className="-mt-px -ml-px border-t border-l border-line">
          <Link
            href={href}
            title={means}
            className="block px-4 py-3 transition-colors hover:bg-raised/60 focus-visible:outline-offset-[-2px] max-sm:px-2.5"
          >
            <span
              className={cn(
                "block text-2xl font-semibold tracking-tight tabular",
                counts[key] === 0 ? "text-faint" : tone,
              )}
            >
              {counts[key]}
            </span>
            <span className="text-xs whitespace-nowrap text-muted">{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
