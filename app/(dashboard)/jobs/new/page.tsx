import type { Metadata } from "next";
import { pageReads } from "@/lib/page-reads";
import { NewJobView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "New job" };

export default function NewJobPage() {
  return <NewJobView defaultCwd={pageReads().defaults().cwd} />;
}
