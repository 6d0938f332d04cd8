"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { JobForm } from "@/components/jobs/form/job-form";
import { PageHeader } from "@/components/ui/page-header";
import { EMPTY_JOB } from "@/lib/client/job-form-values";
import { useCreateJob } from "@/lib/client/jobs";

export function NewJobView({ defaultCwd }: { defaultCwd: string }) {
  const router = useRouter();
  const create = useCreateJob();
  return (
    <>
      <PageHeader
        title="New job"
        below="Only an id and a command are needed; everything else can stay as it is."
      />
      <JobForm
        initial={EMPTY_JOB}
        isNew
        defaultCwd={defaultCwd}
        cancelHref="/jobs"
        save={async ({ envRemove: _none, ...body }) => {
          const job = await create.mutateAsync(body);
          toast(`${job.title} was created`);
          router.push(`/jobs/${job.id}`);
        }}
      />
    </>
  );
}
