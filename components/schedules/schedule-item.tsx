"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { usePatchSchedule } from "@/lib/client/schedules";
import type { JobView } from "@/lib/contracts/job";
import type { ListedSchedule } from "@/lib/contracts/schedule";
import { DeleteScheduleDialog } from "./delete-schedule-dialog";
import { LastTime } from "./last-time";
import { NextTime } from "./next-time";
import { ScheduleDialog } from "./schedule-dialog";
import { nameOf, ScheduleState, ScheduleWords } from "./schedule-words";

type ScheduleItemProps = { job: JobView; schedule: ListedSchedule; administers: boolean };

/** One schedule of a job: when, next, last, and for admins what can be done with it. */
export function ScheduleItem({ job, schedule, administers }: ScheduleItemProps) {
  const { title, last } = schedule;
  return (
    <li data-row={schedule.id} className="flex flex-col gap-1 px-4 py-3 text-sm">
      <p className="flex flex-wrap items-baseline gap-x-2 font-medium wrap-anywhere">
        <ScheduleWords schedule={schedule} />
        <ScheduleState schedule={schedule} />
      </p>
      {title !== null && <p className="text-xs text-muted wrap-anywhere">{title}</p>}
      <dl className="grid grid-cols-[2.25rem_minmax(0,1fr)] gap-x-2 gap-y-0.5">
        <dt className="text-xs leading-5 text-faint">Next</dt>
        <dd>
          <NextTime schedule={schedule} />
        </dd>
        <dt className="text-xs leading-5 text-faint">Last</dt>
        <dd>
          <LastTime last={last} />
        </dd>
      </dl>
      {administers && <Actions job={job} schedule={schedule} />}
    </li>
  );
}

function Actions({ job, schedule }: Pick<ScheduleItemProps, "job" | "schedule">) {
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const { enabled, version } = schedule;
  const name = nameOf(schedule);
  const patch = usePatchSchedule(schedule, (changed) =>
    toast(changed.enabled ? `Resumed: ${name}` : `Paused: ${name}`),
  );
  return (
    <>
      <ProblemNotice
        error={patch.error}
        title={enabled ? "It was not paused" : "It was not resumed"}
        className="my-1"
      />
      <div className="-ml-2 flex flex-wrap gap-1 max-md:-ml-3">
        <Button size="sm" look="quiet" onClick={() => setDialog("edit")} aria-label={`Edit: ${name}`}>
          Edit…
        </Button>
        <Button
          size="sm"
          look="quiet"
          busy={patch.isPending}
          onClick={() => patch.mutate({ version, enabled: !enabled })}
          aria-label={`${enabled ? "Pause" : "Resume"}: ${name}`}
        >
          {enabled ? "Pause" : "Resume"}
        </Button>
        <Button size="sm" look="quiet" onClick={() => setDialog("delete")} aria-label={`Delete: ${name}`}>
          Delete…
        </Button>
      </div>
      <ScheduleDialog
        job={job}
        schedule={schedule}
        open={dialog === "edit"}
        onOpenChange={(open) => setDialog(open ? "edit" : null)}
      />
      <DeleteScheduleDialog
        schedule={schedule}
        open={dialog === "delete"}
        onOpenChange={() => setDialog(null)}
      />
    </>
  );
}
