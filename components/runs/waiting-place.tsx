"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Notice } from "@/components/ui/notice";
import { limitsQuery, locksQuery, placeIn } from "@/lib/client/locks";
import { useMay } from "@/lib/client/may";
import type { RunView } from "@/lib/contracts/run";

/** What a queued run waits for. The lines are those of all jobs, so they are for people who may see all. */
export function WaitingPlace({ run }: { run: RunView }) {
  const { may } = useMay();
  if (may("viewer", null)) return <Places run={run} />;
  return <Notice title="Waiting in line" className="mb-6" />;
}

/** Where it stands in each line it is in. */
function Places({ run }: { run: RunView }) {
  const { data: locks } = useQuery(locksQuery("shared"));
  const { data: limits } = useQuery(limitsQuery());
  const lines = [
    ...(locks?.items ?? []).map((lock) => ({ ...lock, label: `lock ${lock.name}` })),
    ...(limits?.items ?? []).map((limit) => ({ ...limit, label: limitLabel(limit.name) })),
  ];
  const places = lines.flatMap((line) => {
    const place = placeIn(line, run.id);
    return place === null ? [] : [{ label: line.label, place, of: line.waitingCount }];
  });
  return (
    <Notice title="Waiting in line" className="mb-6">
      {places.map(({ label, place, of }) => (
        <p key={label}>
          {place === 1 ? "Next" : `Place ${place}`} of {of} waiting for {label}.
        </p>
      ))}
      <Link href="/locks" className="text-accent underline underline-offset-2">
        Locks and limits
      </Link>
    </Notice>
  );
}

function limitLabel(name: string): string {
  return name === "worker" ? "a place on this host" : `a place for tag ${name.slice("tag:".length)}`;
}
