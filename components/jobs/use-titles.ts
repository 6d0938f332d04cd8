"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { statusQuery } from "@/lib/client/status";

/** Job id → title; an id that is no longer known is its own title. */
export function useTitles(): (job: string) => string {
  const { data } = useQuery(statusQuery());
  return useMemo(() => {
    const titles = new Map((data?.items ?? []).map(({ job, title }) => [job, title]));
    return (job) => titles.get(job) ?? job;
  }, [data]);
}
