import Link from "next/link";
import { cn } from "@/components/ui/cn";
import type { LiveCounts } from "@/lib/client/attention";

type Figure = { key: keyof LiveCounts; label: string; href: string; tone: string; means: string };

const FIGURES: readonly Figure[] = [
  {
    key: "running",
    label: "Running",
    href: "/runs?state=starting,running,stopping",
    tone: "text-active",
    means: "runs with a process",
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
    href: "/stuck#orphaned",
    tone: "text-bad",
    means: "stuck, orphaned or overdue",
  },
  {
    key: "resumable",
    label: "Resumable",
    href: "/stuck#resumable",
    tone: "text-ok",
    means: "cut off, with work to go on from",
  },
  {
    key: "dead",
    label: "Dead",
    href: "/stuck#dead",
    tone: "text-bad",
    means: "cut off, with nothing to go on from",
  },
  {
    key: "failed",
    label: "Failed lately",
    href: "#attention",
    tone: "text-bad",
    means: "jobs whose newest run went wrong within a day",
  },
];

/** The state of things in eight numbers; a zero is quiet. */
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
