import type { JobView } from "@/lib/contracts/job";
import type { StatusView } from "@/lib/contracts/status";

/** Every word must occur in id, title, kind or tags, whatever its case. */
export function matchesJob(text: string, status: StatusView, settings: JobView | undefined): boolean {
  const haystack = [status.job, status.title, settings?.kind ?? "", ...(settings?.tags ?? [])]
    .join(" ")
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}
