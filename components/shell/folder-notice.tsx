"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { folderQuery } from "@/lib/client/folder";
import { healthQuery } from "@/lib/client/health";
import { useMay } from "@/lib/client/may";
import { ConfirmFolderDialog, heldBackWords } from "./confirm-folder-dialog";

/** On every page while it is not certain that this data folder is the live one: until a person says so nothing begins. */
export function FolderNotice() {
  const health = useQuery(healthQuery);
  return health.data?.folder === "unconfirmed" ? <Unconfirmed /> : null;
}

function Unconfirmed() {
  const { may } = useMay();
  const { data: folder } = useQuery({ ...folderQuery(), enabled: may("viewer", null) });
  const [open, setOpen] = useState(false);
  const doubt = folder?.unconfirmed ?? null;
  return (
    <Notice
      tone="warn"
      title="Nothing is started or stopped: this may not be the live data folder"
      className="mb-6"
      actions={
        doubt !== null &&
        may("admin", null) && (
          <Button look="main" onClick={() => setOpen(true)}>
            This is the live one…
          </Button>
        )
      }
    >
      {folder !== undefined && doubt !== null && (
        <>
          <p>
            <code className="text-xs">{folder.path}</code>: {doubt.sentence} {heldBackWords(doubt.heldBack)}
          </p>
          <p className="mt-1">
            Until it is confirmed, no run is started, recovered, stopped or ended here, and no process is
            signalled. If the original is the live one, stop this dashboard.
            {!may("admin", null) && " An admin has to confirm it."}
          </p>
          <ConfirmFolderDialog doubt={doubt} open={open} onOpenChange={setOpen} />
        </>
      )}
    </Notice>
  );
}
