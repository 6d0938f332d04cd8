import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { JobIdParam } from "@/lib/contracts/job";
import { readJob, readJobDefaults } from "@/lib/reads/jobs";
import { known } from "@/lib/reads/known";
import { EditJobView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Edit job" };

export default async function EditJobPage({ params }: { params: Promise<{ job: string }> }) {
  const job = await known(JobIdParam, (await params).job, readJob);
  if (job === null) notFound();
  return <EditJobView job={job} defaults={readJobDefaults()} />;
}
