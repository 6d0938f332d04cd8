"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { useMay } from "@/lib/client/may";
import { isUnreachable } from "@/lib/client/problem";
import { jobSchedulesQuery } from "@/lib/client/schedules";
import type { JobView } from "@/lib/contracts/job";
import { ScheduleDialog } from "./schedule-dialog";
import { ScheduleItem } from "./schedule-item";

/** When the job starts by itself, and what became of that. */
export function JobSchedules({ job }: { job: JobView }) {
  const { data, error } = useQuery(jobSchedulesQuery(job.id));
  const [adding, setAdding] = useState(false);
  const administers = useMay().may("admin", null);
  const items = data?.items ?? [];
  return (
    <Panel
      title="Schedules"
      aside={
        administers && (
          <Button size="sm" look="quiet" icon={<Plus aria-hidden />} onClick={() => setAdding(true)}>
            Add schedule…
          </Button>
        )
      }
    >
      {error !== null && !isUnreachable(error) && (
        <ProblemNotice error={error} title="The schedules cannot be shown" />
      )}
      {data === undefined && error === null && <Skeleton className="m-4 h-12" />}
      {data !== undefined && items.length === 0 && <NoSchedule administers={administers} />}
      {items.length > 0 && (
        <ul className="divide-y divide-line" aria-label="Schedules of this job">
          {items.map((schedule) => (
            <ScheduleItem key={schedule.id} job={job} schedule={schedule} administers={administers} />
          ))}
        </ul>
      )}
      {!job.enabled && items.some(({ next }) => next !== null) && (
        <p className="border-t border-line px-4 py-2 text-xs text-warn">
          The job is disabled: until it is enabled, nothing is started at these times.
        </p>
      )}
      <ScheduleDialog job={job} schedule={null} open={adding} onOpenChange={setAdding} />
    </Panel>
  );
}

function NoSchedule({ administers }: { administers: boolean }) {
  return (
    <p className="px-4 py-3 text-sm text-muted">
      No schedule: the job starts when someone starts it. A schedule starts it at its times, such as every day
      at 03:00, and keeps what became of each.
      {administers ? "" : " An admin can add one."}
    </p>
  );
}
