import { whoAsks } from "./asking";
import { StatusQuery } from "./contracts/status";
import { isPartial } from "./domain/access";
import type { Ports } from "./domain/ports/ports";
import { statusBytes } from "./reads/status/answer";
import { type StatusBoard, statusBoard } from "./reads/status/board";
import { visibleTo } from "./reads/status/visible";
import type { AnswerStatus } from "./slot.mjs";
import { jobIdsNow, jobsWithNewestNow } from "./store/jobs";
import type { OpenedStore } from "./store/open";

export function keepStatus(store: OpenedStore, ports: Ports): StatusBoard {
  return statusBoard({
    ...ports,
    takeChangedJobs: store.takeChangedJobs,
    jobIds: () => jobIdsNow(store),
    readJobs: (ids) => jobsWithNewestNow(store, ids),
  });
}

/**
 * The good case of `GET /api/v1/status`, called by server/kept-status.mjs once the request was let in; the route tells what is wrong with any
 * other.
 */
export function statusAnswers(board: StatusBoard): AnswerStatus {
  return async (search, ifNoneMatch) => {
    const who = whoAsks();
    const query = StatusQuery.safeParse(Object.fromEntries(new URLSearchParams(search)));
    // What some may not see is taken out by the route (lib/http/as-seen.ts).
    if (who === null || isPartial(who.access) || !query.success) return null;
    return statusBytes(visibleTo(board, who.access), query.data, ifNoneMatch);
  };
}
