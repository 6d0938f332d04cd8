import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { AlertPage, AlertView } from "@/lib/contracts/alert";
import { ALERT_KINDS } from "@/lib/domain/alert";
import { api } from "./api";
import { LIVE, pollWhile } from "./polling";

export const alertKeys = { open: ["alerts", "open"] as const };

export function openAlertsQuery() {
  return queryOptions({
    queryKey: alertKeys.open,
    queryFn: ({ signal }) => api(AlertPage, "/api/v1/alerts?open=1", { signal }),
    refetchInterval: () => pollWhile(false),
    ...LIVE,
  });
}

/** One after the other: an alert that was acknowledged by another person meanwhile is no failure. */
export function useAcknowledgeAlerts() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids)
        await api(AlertView, `/api/v1/alerts/${encodeURIComponent(id)}/acknowledge`, {
          method: "POST",
          body: {},
        });
    },
    onSettled: () => client.invalidateQueries({ queryKey: alertKeys.open }),
  });
}

export type AlertGroup = readonly [newest: AlertView, ...older: AlertView[]];

/** A newer look at what is stuck says more than the one before; of recovery every job is told for itself, and first. */
export function groupAlerts(newestFirst: readonly AlertView[]): readonly AlertGroup[] {
  const groups = new Map<string, AlertGroup>();
  for (const alert of newestFirst) {
    const about = alert.kind === "stuck" ? "stuck" : `${alert.kind} ${alert.job ?? alert.id}`;
    const known = groups.get(about);
    groups.set(about, known === undefined ? [alert] : [...known, alert]);
  }
  const rank = ([{ kind }]: AlertGroup) => -ALERT_KINDS.indexOf(kind);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}
