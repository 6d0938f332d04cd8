import type { ForeignView } from "@/lib/contracts/status";

/** What a process behind the job's pid file means for the job. */
export function whyOutside({ certain, stopping }: ForeignView): string {
  if (stopping) return "Stop requested. The job can be started when it is gone.";
  return certain
    ? "It was not started here. The job cannot be started while it is there."
    : "It is not known whether this process wrote the pid file, so it is not signalled. A start explains why.";
}
