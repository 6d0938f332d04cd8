import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ITEMS_PER_PAGE, planKeys } from "@/lib/client/plans";
import { makeQueryClient } from "@/lib/client/query-client";
import { bringTitles } from "@/lib/client/status";
import { ListPlanItemsQuery, PlanIdParam } from "@/lib/contracts/cleanup";
import { parsePlanId } from "@/lib/domain/ids";
import { PLAN_RESULTS } from "@/lib/domain/plan";
import { readTitles } from "@/lib/reads/jobs";
import { known } from "@/lib/reads/known";
import { readPlan, readPlanItems } from "@/lib/reads/plans";
import { seenState } from "@/lib/reads/seen-state";
import { PlanPageView } from "./view";

export const dynamic = "force-dynamic";

type Props = {
  params: Promise<{ plan: string }>;
  searchParams: Promise<{ result?: string | string[] }>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).plan };
}

export default async function PlanPage({ params, searchParams }: Props) {
  const id = parsePlanId((await params).plan);
  const plan = id === null ? null : await known(PlanIdParam, id, readPlan);
  if (id === null || plan === null) notFound();
  const wanted = (await searchParams).result;
  const result = PLAN_RESULTS.find((one) => one === wanted) ?? null;
  const query = { limit: ITEMS_PER_PAGE, ...(result === null ? {} : { result }) };
  const items = await readPlanItems(id, ListPlanItemsQuery.parse(query));
  const client = makeQueryClient();
  client.setQueryData(planKeys.plan(id), plan);
  bringTitles(client, await readTitles(items.items.map(({ job }) => job)));
  client.setQueryData(planKeys.items(id, result), { pages: [items], pageParams: [null] });
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <PlanPageView id={id} />
    </HydrationBoundary>
  );
}
