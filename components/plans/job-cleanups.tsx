"use client";

import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Ago } from "@/components/time/ago";
import { Button, ButtonLink } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useMay } from "@/lib/client/may";
import { jobCleanupsQuery } from "@/lib/client/plans";
import { DeleteRunsDialog } from "./delete-runs-dialog";

/** What clean-ups have done to the job's runs so far, and a way to be rid of old ones. */
export function JobCleanups({ job }: { job: string }) {
  const { data } = useQuery(jobCleanupsQuery(job));
  const [deleting, setDeleting] = useState(false);
  const { may } = useMay();
  return (
    <Panel
      title="Clean-ups"
      aside={
        may("viewer", null) && (
          <ButtonLink href={`/cleanups?job=${encodeURIComponent(job)}`} look="quiet" size="sm">
            All clean-ups
          </ButtonLink>
        )
      }
    >
      <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-2.5">
        <p className="text-sm text-muted">
          {data === undefined || data.lastAt === null ? (
            "No run of this job was cleaned up."
          ) : (
            <>
              {inNumbers(data)}, last <Ago at={data.lastAt} />
            </>
          )}
        </p>
        {may("admin", null) && (
          <Button size="sm" look="quiet" icon={<Trash2 aria-hidden />} onClick={() => setDeleting(true)}>
            Delete old runs…
          </Button>
        )}
      </div>
      <DeleteRunsDialog job={job} open={deleting} onOpenChange={setDeleting} />
    </Panel>
  );
}

function inNumbers({
  cleaned,
  undone,
  deleted,
}: {
  cleaned: number;
  undone: number;
  deleted: number;
}): string {
  const parts: [number, string][] = [
    [cleaned, "cleaned up"],
    [undone, "undone"],
    [deleted, "deleted"],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return told.length === 0 ? "Nothing cleaned" : told.join(", ");
}
