"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { OpenAlerts } from "@/components/alerts/open-alerts";
import { EnvironmentNotice } from "@/components/environment/environment-notice";
import { useStatus } from "@/components/jobs/use-status";
import { Attention } from "@/components/overview/attention";
import { Counts } from "@/components/overview/counts";
import { FirstVisit } from "@/components/overview/first-visit";
import { RunTable } from "@/components/runs/run-table";
import { useNow } from "@/components/time/clock";
import { PageHeader } from "@/components/ui/page-header";
import { Panel } from "@/components/ui/panel";
import { TableSkeleton } from "@/components/ui/skeleton";
import { needsAttention } from "@/lib/client/attention";
import { useMay } from "@/lib/client/may";
import { recentEndsQuery } from "@/lib/client/runs";
import { hasActiveRun } from "@/lib/client/status";
import { stuckCountsQuery } from "@/lib/client/stuck";
import type { RunView } from "@/lib/contracts/run";
import type { StatusPage } from "@/lib/contracts/status";
import { ACTIVE_STATES } from "@/lib/domain/run";

/** `initial`: the status that the server rendered the page with. */
type OverviewProps = { initial: StatusPage };

export function OverviewView({ initial }: OverviewProps) {
  const now = useNow();
  const { items, summary } = useStatus() ?? initial;
  const { may } = useMay();
  const seesAll = may("viewer", null);
  const { data: stuck } = useQuery({ ...stuckCountsQuery(), enabled: seesAll });
  if (summary.jobs === 0) return <FirstVisitPage />;
  const active = items.filter(hasActiveRun).flatMap(({ run }) => (run === null ? [] : [run]));
  return (
    <div className="flex flex-col gap-7">
      <h1 className="sr-only">Overview</h1>
      <Counts
        counts={{
          ...summary.counts,
          ...(stuck === undefined ? {} : { resumable: stuck.resumable, dead: stuck.dead }),
        }}
      />
      {may("operator", null) && <EnvironmentNotice />}
      {seesAll && <OpenAlerts />}
      <Attention items={needsAttention(items, now)} of={summary.attention} />
      <Now runs={active} of={summary.active} />
      <RecentEnds />
    </div>
  );
}

function FirstVisitPage() {
  return (
    <>
      <PageHeader title="Overview" />
      <FirstVisit />
    </>
  );
}

/** @param props.of how many there are, listed or not */
function Now({ runs, of }: { runs: readonly RunView[]; of: number }) {
  const newestFirst = [...runs].sort((a, b) => b.queuedAt.localeCompare(a.queuedAt));
  const more =
    of > runs.length ? (
      <MoreLink href={`/runs?state=${ACTIVE_STATES.join(",")}`}>{`All ${of} active runs`}</MoreLink>
    ) : (
      <MoreLink href="/jobs">All jobs</MoreLink>
    );
  return (
    <Panel title="Now" bare={runs.length > 0} aside={more}>
      {runs.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted">Nothing runs.</p>
      ) : (
        <RunTable runs={newestFirst} caption="Active runs" />
      )}
    </Panel>
  );
}

function RecentEnds() {
  const { data } = useQuery(recentEndsQuery());
  return (
    <Panel
      title="Recently finished"
      bare={(data?.items.length ?? 1) > 0}
      aside={<MoreLink href="/runs">All runs</MoreLink>}
    >
      {data === undefined && <TableSkeleton rows={4} />}
      {data?.items.length === 0 && <p className="px-4 py-3 text-sm text-muted">No run has ended yet.</p>}
      {data !== undefined && data.items.length > 0 && (
        <RunTable runs={data.items} caption="Runs that ended last" />
      )}
    </Panel>
  );
}

function MoreLink({ href, children }: { href: string; children: string }) {
  return (
    <Link href={href} className="text-xs font-medium text-accent underline-offset-2 hover:underline">
      {children}
    </Link>
  );
}
