import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { HoldList, HoldView, type PlaceHoldInput } from "@/lib/contracts/hold";
import { api, apiNothing } from "./api";
import { LIVE, pollWhile } from "./polling";

const holdKeys = { all: ["holds"] as const };

export function holdsQuery() {
  return queryOptions({
    queryKey: holdKeys.all,
    queryFn: ({ signal }) => api(HoldList, "/api/v1/holds", { signal }),
    refetchInterval: () => pollWhile(false),
    ...LIVE,
  });
}

export function useReleaseHold() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => apiNothing(`/api/v1/holds/${id}`, { method: "DELETE" }),
    onSettled: () => client.invalidateQueries({ queryKey: holdKeys.all }),
  });
}

export function usePlaceHold(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PlaceHoldInput) => api(HoldView, "/api/v1/holds", { method: "POST", body }),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: holdKeys.all }),
  });
}
