import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { PLANS_PER_PAGE, planFilter, planKeys } from "@/lib/client/plans";
import { makeQueryClient } from "@/lib/client/query-client";
import { bringTitles } from "@/lib/client/status";
import { ListPlansQuery } from "@/lib/contracts/cleanup";
import { readTitles } from "@/lib/reads/jobs";
import { readPlans } from "@/lib/reads/plans";
import { seenState } from "@/lib/reads/seen-state";
import { CleanupsView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Clean-ups" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function CleanupsPage({ searchParams }: Props) {
  const params = await searchParams;
  const filter = planFilter({ job: first(params.job), kind: first(params.kind) });
  const page = await readPlans(ListPlansQuery.parse({ ...filter, limit: PLANS_PER_PAGE }));
  const client = makeQueryClient();
  bringTitles(client, await readTitles(filter.job === undefined ? [] : [filter.job]));
  client.setQueryData(planKeys.list(filter), { pages: [page], pageParams: [null] });
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <CleanupsView />
    </HydrationBoundary>
  );
}

function first(text: string | string[] | undefined): string | null {
  return (typeof text === "string" ? text : text?.[0]) ?? null;
}
