"use client";

import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { Dialog } from "@/components/ui/dialog";
import { useReleaseLock } from "@/lib/client/locks";
import { useMay } from "@/lib/client/may";
import type { LockView } from "@/lib/contracts/lock";
import type { ReleaseOutcome } from "@/lib/domain/lock";

type ReleaseDialogProps = { lock: LockView; open: boolean; onOpenChange: (open: boolean) => void };

export function ReleaseDialog({ lock, open, onOpenChange }: ReleaseDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Release ${lock.name}?`}
      description="Its holder’s processes are looked for first. If nothing of it is left, that run is closed and the lock is free. If it is alive, nothing is changed."
    >
      <ReleaseForm lock={lock} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

const DONE = {
  already_free: "It was free already",
  holder_gone: "Its holder was gone and is closed now",
  taken_away: "It was taken away by force",
} as const satisfies Record<ReleaseOutcome, string>;

function ReleaseForm({ lock, close }: { lock: LockView; close: () => void }) {
  const release = useReleaseLock(lock.name, ({ outcome }) => {
    toast(`${lock.name}: ${DONE[outcome]}`);
    close();
  });
  const forcible = lock.kind === "shared";
  const forces = useMay().may("admin", null);
  return (
    <ConfirmForm
      reasonHint="Kept in the audit record."
      reasonRequired
      force={
        forcible && forces
          ? {
              label: "Take it from a live run",
              cost: "That run keeps running without the lock, and the next one starts beside it: both may use the same site or write the same file. Stopping the run instead costs nothing.",
              button: "Take it away",
            }
          : undefined
      }
      outcome={
        !(forcible && forces) && (
          <p className="text-sm text-muted">
            {forcible
              ? "Only an admin can take it from a live run. Stopping that run frees it, too."
              : "A job’s own lock is never taken from a live run, because the job would run twice. Stop that run, or reset the job."}
          </p>
        )
      }
      button="Release if it is gone"
      action={release}
      refused="It was not released"
      onConfirm={({ reason = "", ...rest }) => release.mutate({ reason, ...rest })}
      close={close}
    />
  );
}
