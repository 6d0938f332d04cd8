import type { Metadata } from "next";
import { readJobDefaults } from "@/lib/reads/jobs";
import { NewJobView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "New job" };

export default function NewJobPage() {
  return <NewJobView defaults={readJobDefaults()} />;
}
