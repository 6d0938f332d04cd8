"use client";

import Link from "next/link";
import { useTitles } from "@/components/jobs/use-titles";
import { Notice } from "@/components/ui/notice";
import type { Begun } from "@/lib/client/stuck";

/** Where a resumed run went: its row is gone from the list, so it is told here. */
export function JustBegun({ begun }: { begun: readonly Begun[] }) {
  const titleOf = useTitles();
  if (begun.length === 0) return null;
  return (
    <Notice title="Started just now">
      <ul className="flex flex-col gap-1">
        {begun.map(({ from, run }) => (
          <li key={run.id}>
            {titleOf(run.job)} {howBegun(run)} in{" "}
            <Link href={`/runs/${run.id}`} className="text-accent underline underline-offset-2">
              <code className="text-xs wrap-anywhere">{run.id}</code>
            </Link>
            <span className="sr-only">, after {from.run.id}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function howBegun({ trigger, parentRunId }: Begun["run"]): string {
  if (trigger === "resume") return "resumes";
  return parentRunId === null ? "starts over" : "starts again";
}
