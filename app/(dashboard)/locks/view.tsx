"use client";

import { useQuery } from "@tanstack/react-query";
import { LimitsEditor } from "@/components/locks/limits-editor";
import { LockTable } from "@/components/locks/lock-table";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { Panel } from "@/components/ui/panel";
import { TableSkeleton } from "@/components/ui/skeleton";
import { LOCKS_SHOWN, locksQuery } from "@/lib/client/locks";
import type { LockKind } from "@/lib/domain/lock";

const WORDS = {
  shared: {
    title: "Shared locks",
    empty: "No shared lock is held",
    about:
      "Jobs that name the same lock never run at the same time. A lock is shown here while a run has it.",
  },
  own: {
    title: "Jobs’ own locks",
    empty: "No job is running",
    about: "Every job has its own lock, so two runs of it never overlap.",
  },
} as const satisfies Record<LockKind, { title: string; empty: string; about: string }>;

export function LocksView() {
  return (
    <>
      <PageHeader
        title="Locks"
        below="Who holds what, who waits for it, and how many may run at the same time."
      />
      <div className="flex flex-col gap-8">
        <Locks kind="shared" />
        <LimitsEditor />
        <Locks kind="own" />
      </div>
    </>
  );
}

function Locks({ kind }: { kind: LockKind }) {
  const { data, error } = useQuery(locksQuery(kind));
  const { title, empty, about } = WORDS[kind];
  if (data === undefined) {
    return error === null ? (
      <TableSkeleton rows={3} />
    ) : (
      <ProblemNotice error={error} title="The locks cannot be shown" />
    );
  }
  if (data.items.length === 0)
    return (
      <Panel title={title}>
        <Empty title={empty}>{about}</Empty>
      </Panel>
    );
  return (
    <Panel title={title} bare aside={data.nextCursor === null ? undefined : `the first ${LOCKS_SHOWN}`}>
      <LockTable locks={data.items} caption={title} />
    </Panel>
  );
}
