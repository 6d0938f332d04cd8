import { Notice } from "@/components/ui/notice";
import type { RunEventView } from "@/lib/contracts/run";

/** A run that goes on without a lock it was started with says so, and what that means. */
export function LostLocks({ events }: { events: readonly RunEventView[] }) {
  const names = events.flatMap(({ type, data }) =>
    type === "lock_taken_away" && typeof data.lock === "string" ? [data.lock] : [],
  );
  if (names.length === 0) return null;
  return (
    <Notice
      tone="bad"
      className="mb-6"
      title={
        names.length === 1
          ? `Lock ${names[0]} was taken away from it`
          : `Locks were taken away from it: ${names.join(", ")}`
      }
    >
      It continues without it, and another run may use the same resource at the same time. Its fence is out of
      date.
    </Notice>
  );
}
