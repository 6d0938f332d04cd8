"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { HoldDialog } from "@/components/schedules/hold-dialog";
import { ScheduleTable } from "@/components/schedules/schedule-table";
import { UpcomingTimeline } from "@/components/schedules/upcoming-timeline";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { Panel } from "@/components/ui/panel";
import { TableSkeleton } from "@/components/ui/skeleton";
import { useMay } from "@/lib/client/may";
import { schedulesQuery, upcomingQuery } from "@/lib/client/schedules";

export function SchedulesView() {
  const [holding, setHolding] = useState(false);
  const holds = useMay().may("operator", null);
  return (
    <>
      <PageHeader
        title="Schedules"
        below="When jobs start by themselves, and what became of it. Schedules are added on the page of their job."
        actions={holds && <Button onClick={() => setHolding(true)}>Hold automatic starts…</Button>}
      />
      <HoldDialog open={holding} onOpenChange={setHolding} />
      <Schedules />
    </>
  );
}

function Schedules() {
  const { data, error } = useQuery(schedulesQuery());
  if (data === undefined) {
    return error === null ? (
      <TableSkeleton rows={3} />
    ) : (
      <ProblemNotice error={error} title="The schedules cannot be shown" />
    );
  }
  if (data.items.length === 0) return <NoSchedules />;
  return (
    <div className="flex flex-col gap-7">
      <Upcoming />
      <Panel title="All schedules" bare>
        <ScheduleTable items={data.items} />
      </Panel>
    </div>
  );
}

function Upcoming() {
  const { data, error } = useQuery(upcomingQuery());
  return (
    <Panel title="Next 24 hours">
      {data === undefined ? (
        <ProblemNotice error={error} title="What comes cannot be shown" className="m-4" />
      ) : (
        <UpcomingTimeline upcoming={data} />
      )}
    </Panel>
  );
}

function NoSchedules() {
  const administers = useMay().may("admin", null);
  return (
    <div className="rounded-lg border border-line bg-surface">
      <Empty title="No schedule" actions={<ButtonLink href="/jobs">Choose a job</ButtonLink>}>
        A schedule starts a job at its times, such as every day at 03:00, and keeps what became of each.{" "}
        {administers ? "Open a job and press Add schedule." : "An admin can add one on the page of a job."}
      </Empty>
    </div>
  );
}
