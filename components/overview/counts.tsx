"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { destinationsOf } from "@/components/shell/destinations";
import { cn } from "@/components/ui/cn";
import { useMay } from "@/lib/client/may";
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
  const opens = useOpens();
  return (
    <ul
      aria-label="Live counts"
      className="grid grid-cols-8 overflow-hidden rounded-lg border border-line bg-surface max-lg:grid-cols-4"
    >
      {FIGURES.map(({ key, label, href, tone, means }) => (
        <li key={key} className="-mt-px -ml-px border-t border-l border-line">
          <Frame href={opens(href) ? href : null} means={means}>
            <span
              className={cn(
                "block text-2xl font-semibold tracking-tight tabular",
                counts[key] === 0 ? "text-faint" : tone,
              )}
            >
              {counts[key]}
            </span>
            <span className="text-xs whitespace-nowrap text-muted">{label}</span>
          </Frame>
        </li>
      ))}
    </ul>
  );
}

type FrameProps = { href: string | null; means: string; children: ReactNode };

function Frame({ href, means, children }: FrameProps) {
  if (href === null)
    return (
      <div title={means} className="px-4 py-3 max-sm:px-2.5">
        {children}
      </div>
    );
  return (
    <Link
      href={href}
      title={means}
      className="block px-4 py-3 transition-colors hover:bg-raised/60 focus-visible:outline-offset-[-2px] max-sm:px-2.5"
    >
      {children}
    </Link>
  );
}

/** Whether a link leads to a page that the role opens, or to a place on this one. */
function useOpens(): (href: string) => boolean {
  const opened = destinationsOf("work", useMay());
  return (href) => href.startsWith("#") || opened.some((place) => place.href === href.split(/[?#]/)[0]);
}
