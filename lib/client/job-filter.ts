import type { StatusView } from "@/lib/contracts/status";

/** Every word must occur in id, title, kind or tags, whatever its case. */
export function matchesJob(text: string, { job, title, kind, tags }: StatusView): boolean {
  const haystack = [job, title, kind, ...tags].join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}
