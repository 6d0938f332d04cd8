"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { JobForm } from "@/components/jobs/form/job-form";
import { PageHeader } from "@/components/ui/page-header";
import { EMPTY_JOB } from "@/lib/client/job-form-values";
import { useCreateJob } from "@/lib/client/jobs";
import type { JobDefaults } from "@/lib/domain/job-defaults";

export function NewJobView({ defaults }: { defaults: JobDefaults }) {
  const router = useRouter();
  const create = useCreateJob();
  const { isRoot, usual } = defaults.runAs;
  const needed = isRoot && usual === null ? "an id, a command and a user" : "an id and a command";
  return (
    <>
      <PageHeader title="New job" below={`Only ${needed} are needed; everything else can stay as it is.`} />
      <JobForm
        initial={EMPTY_JOB}
        isNew
        defaults={defaults}
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
