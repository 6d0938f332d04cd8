"use client";

import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { useDeleteSchedule } from "@/lib/client/schedules";
import type { ListedSchedule } from "@/lib/contracts/schedule";
import { nameOf, ScheduleWords } from "./schedule-words";

type DeleteScheduleDialogProps = {
  schedule: ListedSchedule;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function DeleteScheduleDialog({ schedule, open, onOpenChange }: DeleteScheduleDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Delete this schedule?"
      description="It will start nothing more, and the record of its times is deleted with it. This cannot be undone. Runs it has started stay, and an active one carries on."
    >
      <DeleteScheduleForm schedule={schedule} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function DeleteScheduleForm({ schedule, close }: { schedule: ListedSchedule; close: () => void }) {
  const remove = useDeleteSchedule(schedule, () => {
    toast(`Deleted: ${nameOf(schedule)}`);
    close();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        remove.mutate();
      }}
    >
      <DialogBody>
        <p className="text-sm font-medium wrap-anywhere">
          <ScheduleWords schedule={schedule} />
          {schedule.title !== null && <span className="font-normal text-muted"> · {schedule.title}</span>}
        </p>
        {schedule.enabled && (
          <p className="text-sm text-muted">To keep it but start nothing, pause it instead.</p>
        )}
        <ProblemNotice error={remove.error} title="The schedule was not deleted" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="danger-main" busy={remove.isPending || remove.isSuccess}>
          Delete schedule
        </Button>
      </DialogActions>
    </form>
  );
}
