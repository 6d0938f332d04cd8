"use client";

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { useStatus } from "@/components/jobs/use-status";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { RunFilters } from "@/components/runs/run-filters";
import { RunTable } from "@/components/runs/run-table";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { LoadMore, NewRows } from "@/components/ui/list-ends";
import { PageHeader } from "@/components/ui/page-header";
import { TableSkeleton } from "@/components/ui/skeleton";
import { parseRunFilter } from "@/lib/client/run-filter";
import { countArrivals, refreshRows } from "@/lib/client/run-list";
import { RUNS_PER_PAGE, type RunFilter, recentRunsQuery, runListQuery } from "@/lib/client/runs";

export function RunsView() {
  const [params, setParams] = useQueryStates(
    { job: parseAsString, state: parseAsString, fingerprint: parseAsString },
    { history: "push" },
  );
  const filter = parseRunFilter(params);
  return (
    <>
      <PageHeader title="Runs" />
      <RunFilters
        filter={filter}
        onChange={({ job = null, state = null, fingerprint = null }) =>
          void setParams({ job, state, fingerprint })
        }
      />
      <RunList key={JSON.stringify(filter)} filter={filter} showAll={() => void setParams(null)} />
    </>
  );
}

function RunList({ filter, showAll }: { filter: RunFilter; showAll: () => void }) {
  const client = useQueryClient();
  const list = useInfiniteQuery(runListQuery(filter));
  const { data: head } = useQuery(recentRunsQuery(filter, RUNS_PER_PAGE));
  const status = useStatus();
  if (list.data === undefined) {
    return list.error === null ? (
      <TableSkeleton rows={10} />
    ) : (
      <ProblemNotice error={list.error} title="The runs cannot be shown" />
    );
  }
  const loaded = list.data.pages.flatMap(({ items }) => items);
  const newest = head?.items ?? [];
  const rows = refreshRows(loaded, [
    ...(status?.items ?? []).flatMap(({ run }) => (run === null ? [] : [run])),
    ...newest,
  ]);
  const filtered = Object.keys(filter).length > 0;
  return (
    <div className="flex flex-col gap-3">
      <NewRows
        count={countArrivals(loaded, newest)}
        most={RUNS_PER_PAGE}
        onShow={() => void client.resetQueries({ queryKey: runListQuery(filter).queryKey })}
      />
      {rows.length === 0 ? (
        <NoRuns filtered={filtered} showAll={showAll} />
      ) : (
        <RunTable runs={rows} caption="Runs, newest first" />
      )}
      {list.isFetchNextPageError && <ProblemNotice error={list.error} title="More could not be loaded" />}
      <LoadMore list={list} />
    </div>
  );
}

function NoRuns({ filtered, showAll }: { filtered: boolean; showAll: () => void }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      {filtered ? (
        <Empty title="No run matches" actions={<Button onClick={showAll}>Show all runs</Button>}>
          There may be runs of other jobs or in other states.
        </Empty>
      ) : (
        <Empty title="No run yet">
          Start a job, and every run of it is kept here with its log and the reason for its end.
        </Empty>
      )}
    </div>
  );
}
