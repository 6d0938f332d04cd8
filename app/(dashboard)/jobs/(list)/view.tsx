"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { JobTable } from "@/components/jobs/job-table";
import { NoVisibleJob } from "@/components/jobs/no-visible-job";
import { StopAll } from "@/components/jobs/stop-all-dialog";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { SearchField } from "@/components/ui/search-field";
import { TableSkeleton } from "@/components/ui/skeleton";
import { matchesJob } from "@/lib/client/job-filter";
import { useMay } from "@/lib/client/may";
import { statusListQuery } from "@/lib/client/status";

export function JobsView() {
  const [text, setText] = useQueryState(
    "q",
    parseAsString.withDefault("").withOptions({ history: "replace" }),
  );
  const { list, items, total, summary } = useJobs(text);
  const { may } = useMay();
  const jobs = summary?.jobs ?? 0;
  return (
    <>
      <PageHeader
        title="Jobs"
        actions={
          <>
            {may("operator", null) && <StopAll active={summary?.active ?? 0} />}
            {may("admin", null) && (
              <ButtonLink href="/jobs/new" look="main" icon={<Plus aria-hidden />} data-key="n">
                New job
              </ButtonLink>
            )}
          </>
        }
      />
      {jobs > 0 && (
        <div className="mb-3 flex items-center gap-3">
          <SearchField
            label="Filter jobs"
            value={text}
            onChange={(next) => void setText(next === "" ? null : next)}
          />
          <p className="text-xs whitespace-nowrap text-faint tabular" role="status">
            {text === "" ? `${jobs} ${jobs === 1 ? "job" : "jobs"}` : `${total} of ${jobs}`}
          </p>
        </div>
      )}
      {items === null &&
        (list.error === null ? (
          <TableSkeleton />
        ) : (
          <ProblemNotice error={list.error} title="The jobs cannot be shown" />
        ))}
      {items !== null && items.length > 0 && <JobTable items={items} caption="Jobs" />}
      {items !== null && items.length === 0 && (
        <div className="rounded-lg border border-line bg-surface">
          {jobs === 0 ? <NoJobs /> : <NoMatch text={text} clear={() => void setText(null)} />}
        </div>
      )}
      {list.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Load more
          </Button>
        </div>
      )}
    </>
  );
}

/** Filtered by the server only where not every job is here: a short list follows each key at once. */
function useJobs(text: string) {
  const all = useInfiniteQuery(statusListQuery(""));
  const isPart = all.hasNextPage && text.trim() !== "";
  const found = useInfiniteQuery({
    ...statusListQuery(text.trim()),
    enabled: isPart,
    placeholderData: keepPreviousData,
  });
  const list = isPart ? found : all;
  const pages = list.data?.pages;
  const loaded = pages?.flatMap((page) => page.items) ?? null;
  const items = isPart ? loaded : (loaded?.filter((status) => matchesJob(text, status)) ?? null);
  const total = isPart ? (pages?.[0]?.total ?? 0) : (items?.length ?? 0);
  return { list, items, total, summary: pages?.[0]?.summary };
}

function NoJobs() {
  const { may } = useMay();
  if (!may("viewer", null)) return <NoVisibleJob />;
  if (!may("admin", null)) return <Empty title="No job yet">An admin adds jobs.</Empty>;
  return (
    <Empty
      title="No job yet"
      actions={
        <>
          <ButtonLink href="/jobs/new" look="main">
            Add your first job
          </ButtonLink>
          <ButtonLink href="/">Run the demo scraper</ButtonLink>
        </>
      }
    >
      A job is a named command that Unstuck starts, watches and stops.
    </Empty>
  );
}

function NoMatch({ text, clear }: { text: string; clear: () => void }) {
  return (
    <Empty title={`No job matches “${text}”`} actions={<Button onClick={clear}>Show all jobs</Button>}>
      Id, title, kind and tags were searched.
    </Empty>
  );
}
