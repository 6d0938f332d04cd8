"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { useReleaseLock } from "@/lib/client/locks";
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

/** Mounted with the dialog, so that every opening begins without force. */
function ReleaseForm({ lock, close }: { lock: LockView; close: () => void }) {
  const [force, setForce] = useState(false);
  const [reason, setReason] = useState("");
  const release = useReleaseLock(lock.name, ({ outcome }) => {
    toast(`${lock.name}: ${DONE[outcome]}`);
    close();
  });
  const told = reason.trim() !== "";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (told) release.mutate({ reason, ...(force ? { force } : {}) });
      }}
    >
      <DialogBody>
        <Field label="Reason" hint="Kept in the audit.">
          {(control) => (
            <Input
              {...control}
              required
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {lock.kind === "shared" ? (
          <Checkbox
            label="Take it from a live run"
            hint="That run goes on without the lock, and the next one starts beside it: both may use the same site or write the same file. Stopping the run instead costs nothing."
            checked={force}
            onChange={(event) => setForce(event.target.checked)}
          />
        ) : (
          <p className="text-sm text-muted">
            A job’s own lock is never taken from a live run, because the job would run twice. Stop that run,
            or reset the job.
          </p>
        )}
        <ProblemNotice error={release.error} title="It was not released" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look={force ? "danger-main" : "main"} busy={release.isPending} disabled={!told}>
          {force ? "Take it away" : "Release if it is gone"}
        </Button>
      </DialogActions>
    </form>
  );
}
