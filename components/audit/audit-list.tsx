"use client";

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { LoadMore, NewRows } from "@/components/ui/list-ends";
import { TableSkeleton } from "@/components/ui/skeleton";
import {
  AUDIT_PER_PAGE,
  type AuditFilter,
  auditQuery,
  countNewer,
  newestAuditQuery,
} from "@/lib/client/audit";
import { AuditTable } from "./audit-table";

type AuditListProps = { filter: AuditFilter; showAll: () => void };

export function AuditList({ filter, showAll }: AuditListProps) {
  const client = useQueryClient();
  const list = useInfiniteQuery(auditQuery(filter));
  const { data: newest } = useQuery(newestAuditQuery(filter));
  if (list.data === undefined) {
    return list.error === null ? (
      <TableSkeleton rows={10} />
    ) : (
      <ProblemNotice error={list.error} title="The audit cannot be shown" />
    );
  }
  const entries = list.data.pages.flatMap(({ items }) => items);
  return (
    <div className="flex flex-col gap-3">
      <NewRows
        count={countNewer(entries, newest?.items ?? [])}
        most={AUDIT_PER_PAGE}
        onShow={() => void client.resetQueries({ queryKey: auditQuery(filter).queryKey })}
      />
      {entries.length === 0 ? (
        <NoEntries filtered={Object.keys(filter).length > 0} showAll={showAll} />
      ) : (
        <AuditTable entries={entries} />
      )}
      {list.isFetchNextPageError && <ProblemNotice error={list.error} title="More could not be loaded" />}
      <LoadMore list={list} />
    </div>
  );
}

function NoEntries({ filtered, showAll }: { filtered: boolean; showAll: () => void }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      {filtered ? (
        <Empty title="No entry matches" actions={<Button onClick={showAll}>Show all entries</Button>}>
          A name has to be typed in full, and days are those of your time zone.
        </Empty>
      ) : (
        <Empty title="No entry yet">
          Every command is recorded here, with who gave it and why; so is what Unstuck does by itself, and
          what it refuses.
        </Empty>
      )}
    </div>
  );
}
