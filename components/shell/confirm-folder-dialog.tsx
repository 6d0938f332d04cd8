"use client";

import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { Dialog } from "@/components/ui/dialog";
import { useConfirmFolder } from "@/lib/client/folder";
import type { FolderView } from "@/lib/contracts/folder";

type Doubt = NonNullable<FolderView["unconfirmed"]>;
type HeldBack = Doubt["heldBack"];

type ConfirmFolderDialogProps = { doubt: Doubt; open: boolean; onOpenChange: (open: boolean) => void };

export function ConfirmFolderDialog({ doubt, open, onOpenChange }: ConfirmFolderDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Is this the live data folder?"
      description="Two folders with the same jobs would do the same work twice. Make sure that no other dashboard uses the original before you say yes."
    >
      <ConfirmFolderForm doubt={doubt} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ConfirmFolderForm({ doubt, close }: { doubt: Doubt; close: () => void }) {
  const confirm = useConfirmFolder(() => {
    toast("This is the live data folder from now on");
    close();
  });
  const { queued, active, elsewhere } = doubt.heldBack;
  return (
    <ConfirmForm
      reasonHint="Kept in the audit record."
      button="Yes, this is the live one"
      action={confirm}
      refused="It was not confirmed"
      onConfirm={({ reason }) => confirm.mutate(reason === undefined ? {} : { reason })}
      close={close}
    >
      <ul className="list-disc space-y-1 pl-5 text-sm text-muted">
        {queued > 0 && <li>{counted(queued, "queued run")} will be started as soon as it is their turn.</li>}
        {active - elsewhere > 0 && (
          <li>
            What became of {counted(active - elsewhere, "active run")} will be found out: what lives here is
            watched again, what is gone is closed.
          </li>
        )}
        {elsewhere > 0 && (
          <li>
            {counted(elsewhere, "run")} will be closed here as interrupted. Their processes belong to the
            original folder and continue under it: no signal is sent to them.
          </li>
        )}
        <li>Restarts, recoveries and plans that were under way continue.</li>
      </ul>
    </ConfirmForm>
  );
}

/** What waits for the answer, in one sentence. */
export function heldBackWords({ queued, active, elsewhere }: HeldBack): string {
  const parts = [
    ...(queued > 0 ? [counted(queued, "queued run")] : []),
    ...(active > 0 ? [counted(active, "active run")] : []),
  ];
  if (parts.length === 0) return "No run is held back.";
  const theirs =
    elsewhere > 0 ? ` ${counted(elsewhere, "of them", "of them")} alive under another folder.` : "";
  return `Held back: ${parts.join(" and ")}.${theirs}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
