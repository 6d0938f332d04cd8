"use client";

import { useRef, useState } from "react";
import { toast } from "sonner";
import { Dialog } from "@/components/ui/dialog";
import { isApiProblem } from "@/lib/client/problem";
import { useCreateSchedule, usePatchSchedule, useReadSchedule } from "@/lib/client/schedules";
import type { JobView } from "@/lib/contracts/job";
import type { ScheduleView } from "@/lib/contracts/schedule";
import { ScheduleForm } from "./schedule-form";

type ScheduleDialogProps = {
  job: JobView;
  /** null: a new one. */
  schedule: ScheduleView | null;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** A new schedule of a job, or a change of one. What was typed is not lost by Escape. */
export function ScheduleDialog({ job, schedule, open, onOpenChange }: ScheduleDialogProps) {
  const unsaved = useRef(false);
  const [kept, setKept] = useState(false);
  const close = () => {
    unsaved.current = false;
    setKept(false);
    onOpenChange(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(wanted) => {
        if (wanted) onOpenChange(true);
        else if (unsaved.current) setKept(true);
        else close();
      }}
      title={schedule === null ? `New schedule of ${job.title}` : `Change a schedule of ${job.title}`}
      className="w-[46rem]"
    >
      <Inside
        job={job}
        schedule={schedule}
        close={close}
        kept={kept}
        onUnsaved={(isUnsaved) => {
          unsaved.current = isUnsaved;
          if (!isUnsaved) setKept(false);
        }}
      />
    </Dialog>
  );
}

type InsideProps = Pick<ScheduleDialogProps, "job" | "schedule"> & {
  close: () => void;
  kept: boolean;
  onUnsaved: (unsaved: boolean) => void;
};

/** What is edited is the schedule as it was when the dialog opened: what the list learns meanwhile must not change it under the hands. */
function Inside({ job, schedule, ...rest }: InsideProps) {
  const [read, setRead] = useState(schedule);
  if (read === null) return <NewSchedule job={job} {...rest} />;
  return <ChangeSchedule key={read.version} job={job} schedule={read} setSchedule={setRead} {...rest} />;
}

type Framed = Omit<InsideProps, "schedule">;

function NewSchedule({ job, close, ...rest }: Framed) {
  const create = useCreateSchedule(job.id, ({ words }) => {
    toast(`Added: ${words}`);
    close();
  });
  return (
    <ScheduleForm
      job={job}
      schedule={null}
      save={(body, onError) => create.mutate(body, { onError })}
      action={create}
      button="Add schedule"
      refused="The schedule was not added"
      close={close}
      {...rest}
    />
  );
}

type ChangeProps = Framed & { schedule: ScheduleView; setSchedule: (schedule: ScheduleView) => void };

function ChangeSchedule({ job, schedule, setSchedule, close, ...rest }: ChangeProps) {
  const patch = usePatchSchedule(schedule, ({ words }) => {
    toast(`Changed: ${words}`);
    close();
  });
  const readAgain = useReadSchedule();
  const reload = async () => {
    setSchedule(await readAgain(schedule));
    rest.onUnsaved(false);
    patch.reset();
  };
  return (
    <ScheduleForm
      job={job}
      schedule={schedule}
      save={(body, onError) => patch.mutate({ ...body, version: schedule.version }, { onError })}
      action={patch}
      button="Save"
      refused="The schedule was not changed"
      reload={() => void reload().catch((error) => isGone(error) && close())}
      close={close}
      {...rest}
    />
  );
}

function isGone(error: unknown): boolean {
  return isApiProblem(error) && error.code === "SCHEDULE_NOT_FOUND";
}
