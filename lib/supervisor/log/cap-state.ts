import type { Run } from "@/lib/domain/run";
import { perRun } from "../files/per-run";

/** What is known of one run's log beyond its size, while it is watched. */
export type LogCap = {
  /** Offset of the first byte that is kept. Moves before the hole is made, so that no reader ever meets the hole. */
  dropped: number;
  /** What the row says of it. */
  saved: number;
  /** Up to where the history has reported it, and when on the monotonic clock. */
  told: number;
  toldAt: number;
  /** The file as it was last seen. */
  size: number;
  sizeAt: number;
  inode: number | null;
  /** What stood before the end when it was last read: other bytes there mean that it was emptied or written over since. */
  newest: Buffer;
  /** The size it had when that was last found, until it has been told; null: nothing to tell. */
  rewrittenFrom: number | null;
  /** The file system cannot drop a file's beginning, so the log grows on. */
  unsupported: boolean;
  /** The look under way: one at a time. */
  look: Promise<void> | null;
};

export const capOf = perRun(
  ({ run, startedAt }: { readonly run: Run; readonly startedAt: number }): LogCap => ({
    dropped: run.logDroppedBytes,
    saved: run.logDroppedBytes,
    told: run.logDroppedBytes,
    toldAt: Number.NEGATIVE_INFINITY,
    size: run.logBytes,
    sizeAt: startedAt,
    inode: null,
    newest: Buffer.alloc(0),
    rewrittenFrom: null,
    unsupported: false,
    look: null,
  }),
);
