import type { JobId } from "@/lib/domain/ids";
import type { Ports } from "@/lib/domain/ports/ports";
import { type StatusBoard, statusBoard } from "@/lib/reads/status/board";
import type { Context } from "./a-context";

/**
 * The board over a database in memory.
 * @param changed what was committed since it was asked last; by default nothing after all at first
 * @param ports instead of the context's
 */
export function aBoard(
  ctx: Context,
  changed: () => ReadonlySet<JobId> | "all" = allAtFirst(),
  ports: Partial<Ports> = {},
): StatusBoard {
  const { saved } = ctx;
  return statusBoard({
    ...ctx,
    ...ports,
    takeChangedJobs: changed,
    jobIds: () => [...saved.jobs.keys()],
    readJobs: (ids) =>
      ids.flatMap((id) => {
        const row = saved.jobs.get(id);
        return row === undefined
          ? []
          : [{ job: row.job, newest: (row.newest && saved.runs.get(row.newest)) ?? null }];
      }),
  });
}

function allAtFirst() {
  let taken = false;
  return () => {
    if (taken) return new Set<JobId>();
    taken = true;
    return "all";
  };
}
