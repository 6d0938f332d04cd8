import { QueryClient } from "@tanstack/react-query";

/** One per browser tab, and one per request on the server. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // What the server page brought is fresh: the first poll asks again, not the mount.
      queries: { staleTime: 2_000, gcTime: 5 * 60_000, retry: false, networkMode: "always" },
      // A command is never repeated behind the operator's back.
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
