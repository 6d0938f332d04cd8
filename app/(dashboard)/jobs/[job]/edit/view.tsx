"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { JobForm } from "@/components/jobs/form/job-form";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { toFormValues } from "@/lib/client/job-form-values";
import { jobQuery, usePatchJob } from "@/lib/client/jobs";
import { isApiProblem } from "@/lib/client/problem";
import type { JobView } from "@/lib/contracts/job";
import type { JobDefaults } from "@/lib/domain/job-defaults";

/** The form keeps the version it was filled from; what others save meanwhile is noticed on saving and never overwritten unseen. */
export function EditJobView({ job, defaults }: { job: JobView; defaults: JobDefaults }) {
  const [base, setBase] = useState(job);
  const router = useRouter();
  const client = useQueryClient();
  const patch = usePatchJob(job.id);
  const readAnew = async () => setBase(await client.fetchQuery({ ...jobQuery(job.id), staleTime: 0 }));
  return (
    <>
      <PageHeader
        title={`Edit ${base.title}`}
        below="A run that is active keeps the settings it was started with."
      />
      <JobForm
        key={base.version}
        initial={toFormValues(base)}
        isNew={false}
        defaults={defaults}
        cancelHref={`/jobs/${job.id}`}
        save={async (_body, changed) => {
          const saved = await patch.mutateAsync({ ...changed, version: base.version });
          toast(`${saved.title} was saved`);
          router.push(`/jobs/${saved.id}`);
        }}
        problemActions={(problem) =>
          isApiProblem(problem) && problem.code === "STALE_VERSION" ? (
            <Button onClick={() => void readAnew()}>Discard mine and load the saved settings</Button>
          ) : null
        }
      />
    </>
  );
}
