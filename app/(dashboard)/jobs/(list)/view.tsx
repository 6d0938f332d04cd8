"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import { JobTable } from "@/components/jobs/job-table";
import { StopAll } from "@/components/jobs/stop-all-dialog";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { SearchField } from "@/components/ui/search-field";
import { TableSkeleton } from "@/components/ui/skeleton";
import { matchesJob } from "@/lib/client/job-filter";
import { jobsQuery } from "@/lib/client/jobs";
import { hasActiveRun, statusQuery } from "@/lib/client/status";

export function JobsView() {
  const { data } = useQuery(statusQuery());
  const { data: jobs } = useQuery(jobsQuery());
  const [text, setText] = useQueryState(
    "q",
    parseAsString.withDefault("").withOptions({ history: "replace" }),
  );
  const settings = useMemo(() => new Map((jobs ?? []).map((job) => [job.id, job])), [jobs]);
  const items = data?.items ?? [];
  const shown = items.filter((status) => matchesJob(text, status, settings.get(status.job)));
  const active = items.filter(hasActiveRun).length;
  return (
    <>
      <PageHeader
        title="Jobs"
        actions={
          <>
            <StopAll active={active} />
            <ButtonLink href="/jobs/new" look="main" icon={<Plus aria-hidden />} data-key="n">
              New job
            </ButtonLink>
          </>
        }
      />
      {items.length > 0 && (
        <div className="mb-3 flex items-center gap-3">
          <SearchField
            label="Filter jobs"
            value={text}
            onChange={(next) => void setText(next === "" ? null : next)}
          />
          <p className="text-xs whitespace-nowrap text-faint tabular" role="status">
            {text === ""
              ? `${items.length} ${items.length === 1 ? "job" : "jobs"}`
              : `${shown.length} of ${items.length}`}
          </p>
        </div>
      )}
      {data === undefined && <TableSkeleton />}
      {data !== undefined && shown.length > 0 && (
        <JobTable items={shown} settings={settings} caption="Jobs" />
      )}
      {data !== undefined && shown.length === 0 && (
        <div className="rounded-lg border border-line bg-surface">
          {items.length === 0 ? <NoJobs /> : <NoMatch text={text} clear={() => void setText(null)} />}
        </div>
      )}
    </>
  );
}

function NoJobs() {
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
