import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { AlertPage, AlertView } from "@/lib/contracts/alert";
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

/** One after the other: an alert that was put away by somebody else meanwhile is no failure. */
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
