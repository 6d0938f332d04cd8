"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { JobEnvironment } from "@/components/environment/job-environment";
import { ActivityBar } from "@/components/jobs/activity-bar";
import { ForeignNotice } from "@/components/jobs/foreign-notice";
import { JobHeader } from "@/components/jobs/job-header";
import { JobSettings } from "@/components/jobs/job-settings";
import { RecoveryPanel } from "@/components/jobs/recovery-panel";
import { JobCleanups } from "@/components/plans/job-cleanups";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { RunTable } from "@/components/runs/run-table";
import { JobSchedules } from "@/components/schedules/job-schedules";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Panel } from "@/components/ui/panel";
import { PageSkeleton, TableSkeleton } from "@/components/ui/skeleton";
import { jobQuery } from "@/lib/client/jobs";
import { useMay } from "@/lib/client/may";
import { isUnreachable } from "@/lib/client/problem";
import { recentRunsQuery } from "@/lib/client/runs";
import { jobStatusQuery } from "@/lib/client/status";
import { isActive } from "@/lib/domain/run";

const LISTED = 15;

export function JobPageView({ id }: { id: string }) {
  const { data: job, error } = useQuery(jobQuery(id));
  const { data: status } = useQuery(jobStatusQuery(id));
  const [problem, setProblem] = useState<unknown>(null);
  const { may } = useMay();
  if (job === undefined || status === undefined) return <PageSkeleton />;
  return (
    <div className="flex flex-col">
      <JobHeader job={job} status={status} onProblem={setProblem} />
      {error !== null && !isUnreachable(error) && (
        <ProblemNotice error={error} title="This job cannot be read any more" className="mb-6" />
      )}
      <ProblemNotice error={problem} title="It was not started" className="mb-6" />
      {status.foreign !== null && <ForeignNotice foreign={status.foreign} />}
      <RecoveryPanel job={job} active={status.run !== null && isActive(status.run.state)} />
      <div className="grid items-start gap-7 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <JobRuns id={id} outside={status.foreign !== null} starts={may("operator", job)} />
        <div className="grid min-w-0 gap-7">
          <JobSchedules job={job} />
          <Panel title="Settings">
            <JobSettings job={job} />
          </Panel>
          {may("operator", job) && <JobEnvironment job={job} />}
          <JobCleanups job={id} />
        </div>
      </div>
    </div>
  );
}

type JobRunsProps = { id: string; outside: boolean; starts: boolean };

function JobRuns({ id, outside, starts }: JobRunsProps) {
  const { data } = useQuery(recentRunsQuery({ job: id }));
  if (data === undefined) return <TableSkeleton />;
  const { items } = data;
  if (items.length === 0) {
    return (
      <Panel title="Runs">
        <Empty title={outside ? "No run was started here" : "It never ran"}>
          {howToStart(outside, starts)} first run appears here with its log and the reason for its end.
        </Empty>
      </Panel>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-7">
      <Panel
        title="Activity"
        aside={`last ${items.length} ${items.length === 1 ? "run" : "runs"}, newest right`}
      >
        <ActivityBar runs={items} />
      </Panel>
      <Panel
        title="Runs"
        bare
        aside={
          <ButtonLink href={`/runs?job=${encodeURIComponent(id)}`} look="quiet" size="sm">
            All runs
          </ButtonLink>
        }
      >
        <RunTable runs={items.slice(0, LISTED)} caption="Newest runs of this job" showJob={false} />
      </Panel>
    </div>
  );
}

function howToStart(outside: boolean, starts: boolean): string {
  if (!starts) return "Its";
  return outside ? "Stop what runs outside, then press Start: the" : "Press Start: its";
}
