"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { WillBecome } from "@/components/confirm/will-become";
import { useTitles } from "@/components/jobs/use-titles";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Panel } from "@/components/ui/panel";
import { useMay } from "@/lib/client/may";
import { type Kept, type StalePidFileView, useRemovePidFiles } from "@/lib/client/strays";

/** Pid files whose process is gone. They block nothing; they only mislead other programs. */
export function PidFiles({ files }: { files: readonly StalePidFileView[] }) {
  const [open, setOpen] = useState(false);
  const titleOf = useTitles();
  const removes = useMay().may("operator", null);
  if (files.length === 0 && !open) return null;
  return (
    <>
      <Panel
        title={
          <>
            Stale pid files <span className="tabular font-normal text-faint">{files.length}</span>
          </>
        }
        aside={
          removes && (
            <Button size="sm" onClick={() => setOpen(true)}>
              Remove {files.length === 1 ? "it" : `all ${files.length}`}…
            </Button>
          )
        }
      >
        <ul aria-label="Stale pid files" className="divide-y divide-line">
          {files.map(({ path, job, why }) => (
            <li key={path} className="px-4 py-2.5 text-sm">
              <p className="font-medium">{titleOf(job)}</p>
              <code className="text-xs wrap-anywhere">{path}</code>
              <p className="text-xs text-muted">{why}</p>
            </li>
          ))}
        </ul>
      </Panel>
      <Dialog open={open} onOpenChange={setOpen} title="Remove stale pid files?">
        <RemoveForm files={files} close={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function RemoveForm({ files, close }: { files: readonly StalePidFileView[]; close: () => void }) {
  const [frozen] = useState(files);
  const [kept, setKept] = useState<Kept>([]);
  const remove = useRemovePidFiles((left) => {
    setKept(left);
    if (left.length > 0) return;
    toast("Removed");
    close();
  });
  const many = frozen.length === 1 ? "1 file" : `${frozen.length} files`;
  return (
    <ConfirmForm
      reasonHint="Kept in the audit record."
      button={`Remove ${many}`}
      disabled={remove.isSuccess}
      cancel={remove.isSuccess ? "Close" : "Cancel"}
      outcome={kept.map(({ path, why }) => (
        <p key={path} role="alert" className="text-sm font-medium wrap-anywhere">
          Kept <code className="text-xs">{path}</code>: {why}
        </p>
      ))}
      action={remove}
      refused="Not everything was removed"
      onConfirm={({ reason }) =>
        remove.mutate({
          paths: frozen.map(({ path }) => path),
          ...(reason === undefined ? {} : { reason }),
        })
      }
      close={close}
    >
      <WillBecome now={<span className="text-sm">{many} that name no living process</span>}>
        <span className="text-sm">removed</span>
      </WillBecome>
      <ul className="max-h-48 overflow-y-auto text-xs">
        {frozen.map(({ path }) => (
          <li key={path}>
            <code className="wrap-anywhere">{path}</code>
          </li>
        ))}
      </ul>
      <p className="text-sm text-muted">
        Each file is read again first: one that names a living process by then stays. No process and no run is
        touched.
      </p>
    </ConfirmForm>
  );
}
