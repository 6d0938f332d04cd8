import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { type RecoveryBody, RecoveryView } from "@/lib/contracts/recovery";
import { api } from "./api";
import { LIVE, pollWhile } from "./polling";
import { useRefreshRuns } from "./runs";

export const recoveryKeys = {
  job: (id: string) => ["recovery", id] as const,
};

const recoveryPath = (id: string, verb = "") => `/api/v1/jobs/${encodeURIComponent(id)}/recovery${verb}`;

/** @param active whether a run of the job may end soon, after which there may be something to tell */
export function recoveryQuery(id: string, active: boolean) {
  return queryOptions({
    queryKey: recoveryKeys.job(id),
    queryFn: ({ signal }) => api(RecoveryView, recoveryPath(id), { signal }),
    refetchInterval: (query) => pollWhile(active || query.state.data?.state === "waiting"),
    ...LIVE,
  });
}

type Body = z.infer<typeof RecoveryBody>;

/** No more attempts, or one right now. */
export function useDecideRecovery(id: string, verb: "stop" | "retry") {
  const client = useQueryClient();
  const refresh = useRefreshRuns();
  return useMutation({
    mutationFn: (body: Body) => api(RecoveryView, recoveryPath(id, `/${verb}`), { method: "POST", body }),
    onSuccess: (recovery) => client.setQueryData(recoveryKeys.job(id), recovery),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: recoveryKeys.job(id) }), refresh()]),
  });
}

/**
 * `Resumed 3 times in 2 h`; null: nothing was done yet.
 * @param now epoch milliseconds
 */
export function whatWasDone(
  { resumed, restarted, since }: Pick<RecoveryView, "resumed" | "restarted" | "since">,
  now: number,
): string | null {
  const deeds = [done("resumed", resumed), done("restarted", restarted)].filter((deed) => deed !== null);
  if (deeds.length === 0) return null;
  const text = deeds.join(", ");
  const told = text.charAt(0).toUpperCase() + text.slice(1);
  return since === null ? told : `${told} in ${oneUnit(now - Date.parse(since))}`;
}

function done(deed: string, count: number): string | null {
  if (count === 0) return null;
  return `${deed} ${count === 1 ? "once" : `${count} times`}`;
}

/** `next try in 40 s`. */
export function whenNext(nextAt: string | null, now: number): string {
  const ms = nextAt === null ? 0 : Date.parse(nextAt) - now;
  return ms < 1_000 ? "next try now" : `next try in ${oneUnit(ms)}`;
}

function oneUnit(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
