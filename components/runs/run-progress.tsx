import type { z } from "zod";
import type { ProgressView } from "@/lib/contracts/run";

type Progress = z.infer<typeof ProgressView>;

/** What the run says of its own work. The bar is drawn only when it said how much there is in all. */
export function RunProgress({ progress }: { progress: Progress }) {
  const { extracted, skipped, total, message } = progress;
  const done = (extracted ?? 0) + (skipped ?? 0);
  const share = total === null || total <= 0 ? null : Math.min(1, done / total);
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm tabular">
        {/* Only what it said: a figure it never gave is not 0. */}
        {extracted !== null && (
          <span>
            <span className="text-lg font-semibold">{extracted.toLocaleString("en")}</span>{" "}
            <span className="text-muted">extracted</span>
          </span>
        )}
        {(skipped ?? 0) > 0 && (
          <span className="text-muted">{(skipped ?? 0).toLocaleString("en")} skipped</span>
        )}
        {total !== null && <span className="text-muted">of {total.toLocaleString("en")}</span>}
        {share !== null && <span className="ml-auto font-medium">{Math.floor(share * 100)} %</span>}
      </div>
      {share !== null && (
        <div
          role="progressbar"
          aria-label="Progress"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(share * 100)}
          className="h-1.5 overflow-hidden rounded-full bg-raised"
        >
          <div
            className="h-full rounded-full bg-active transition-[width] motion-reduce:transition-none"
            style={{ width: `${share * 100}%` }}
          />
        </div>
      )}
      {message !== null && message !== "" && <p className="text-sm break-words text-muted">{message}</p>}
    </div>
  );
}
