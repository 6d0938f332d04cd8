import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { AUDIT_PER_PAGE, auditFilter, auditKeys } from "@/lib/client/audit";
import { makeQueryClient } from "@/lib/client/query-client";
import { bringTitles } from "@/lib/client/status";
import { AuditQuery } from "@/lib/contracts/audit";
import { readAudit } from "@/lib/reads/accounts";
import { readTitles } from "@/lib/reads/jobs";
import { seenState } from "@/lib/reads/seen-state";
import { AuditPageView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Audit" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AuditPage({ searchParams }: Props) {
  const filter = auditFilter(await searchParams);
  const page = await readAudit(AuditQuery.parse({ ...filter, limit: AUDIT_PER_PAGE }));
  const client = makeQueryClient();
  client.setQueryData(auditKeys.list(filter), { pages: [page], pageParams: [null] });
  client.setQueryData(auditKeys.newest(filter), page);
  const jobs = page.items.flatMap(({ job }) => (job === null ? [] : [job]));
  bringTitles(client, await readTitles(filter.job === undefined ? jobs : [filter.job, ...jobs]));
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <AuditPageView />
    </HydrationBoundary>
  );
}
