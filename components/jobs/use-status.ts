"use client";

import { useQuery } from "@tanstack/react-query";
import { useHydrated } from "@/components/ui/use-hydrated";
import { statusQuery } from "@/lib/client/status";
import type { StatusPage } from "@/lib/contracts/status";

/**
 * The status of jobs, as the frame of every page keeps asking for it. Not before what is in the page is hydrated: the frame is first, and its
 * answer may be there by then, but the server has rendered the page without it.
 */
export function useStatus(): StatusPage | undefined {
  const { data } = useQuery(statusQuery());
  return useHydrated() ? data : undefined;
}
