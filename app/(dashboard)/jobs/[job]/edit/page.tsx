import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { pageReads } from "@/lib/page-reads";
import { EditJobView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Edit job" };

export default async function EditJobPage({ params }: { params: Promise<{ job: string }> }) {
  const reads = pageReads();
  const job = await reads.job((await params).job);
  if (job === null) notFound();
  return <EditJobView job={job} defaultCwd={reads.defaults().cwd} />;
}
