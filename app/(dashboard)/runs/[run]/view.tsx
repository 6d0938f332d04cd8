"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { RunLog } from "@/components/logs/run-log";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Evidence } from "@/components/runs/evidence";
import { LostLocks } from "@/components/runs/lost-locks";
import { RunFacts } from "@/components/runs/run-facts";
import { RunHeader } from "@/components/runs/run-header";
import { RunProgress } from "@/components/runs/run-progress";
import { Timeline } from "@/components/runs/timeline";
import { UsagePanel } from "@/components/runs/usage-panel";
import { WaitingPlace } from "@/components/runs/waiting-place";
import { Empty } from "@/components/ui/empty";
import { Panel } from "@/components/ui/panel";
import { PageSkeleton, TableSkeleton } from "@/components/ui/skeleton";
import { isUnreachable } from "@/lib/client/problem";
import { runEventsQuery, runQuery } from "@/lib/client/runs";
import type { RunView } from "@/lib/contracts/run";
import { isActive } from "@/lib/domain/run";

export function RunPageView({ id }: { id: string }) {
  const { data: run, error } = useQuery(runQuery(id));
  const [problem, setProblem] = useState<unknown>(null);
  if (run === undefined) return <PageSkeleton />;
  return (
    <div className="flex flex-col">
      <RunHeader run={run} onProblem={setProblem} />
      {error !== null && !isUnreachable(error) && (
        <ProblemNotice error={error} title="This run cannot be read any more" className="mb-6" />
      )}
      <ProblemNotice error={problem} title="It was not started" className="mb-6" />
      {run.state === "queued" && run.waitingFor !== null && <WaitingPlace run={run} />}
      <LostLocksOf run={run} />
      <div className="grid items-start gap-7 xl:grid-cols-[minmax(0,1fr)_23rem]">
        <div className="flex min-w-0 flex-col gap-7">
          {run.progress !== null && (
            <Panel title="Progress">
              <RunProgress progress={run.progress} />
            </Panel>
          )}
          <div id="log" className="min-w-0 scroll-mt-16">
            <h2 className="mb-2 flex min-h-7 items-center text-sm font-semibold">Log</h2>
            {run.logHidden ? (
              <div className="rounded-lg border border-line bg-surface">
                <Empty title="This job’s log is private">
                  Operators and admins read it. Ask an admin if you need to.
                </Empty>
              </div>
            ) : run.imported === null ? (
              <RunLog runId={run.id} active={isActive(run.state)} logBytes={run.logBytes} />
            ) : (
              <LogElsewhere source={run.imported.source} externalId={run.imported.externalId} />
            )}
          </div>
          <UsagePanel run={run} />
        </div>
        <div className="grid min-w-0 items-start gap-7 md:max-xl:grid-cols-2">
          <Panel title="Evidence">
            <Evidence run={run} />
          </Panel>
          <Events run={run} />
          <Panel title="Facts">
            <RunFacts run={run} />
          </Panel>
        </div>
      </div>
    </div>
  );
}

/** Only the record was taken over: that it wrote nothing would be a guess. */
function LogElsewhere({ source, externalId }: { source: string; externalId: string }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <Empty title="Log not imported">
        Only the record of this run was imported, from {source}, which calls it{" "}
        <code className="wrap-anywhere">{externalId}</code>. It stays on the original host.
      </Empty>
    </div>
  );
}

/** Of a run that is over it is history, which the timeline tells. */
function LostLocksOf({ run }: { run: RunView }) {
  const { data } = useQuery(runEventsQuery(run.id, isActive(run.state)));
  return isActive(run.state) && data !== undefined ? <LostLocks events={data.items} /> : null;
}

function Events({ run }: { run: RunView }) {
  const { data, error } = useQuery(runEventsQuery(run.id, isActive(run.state)));
  if (data === undefined) {
    return error === null ? (
      <TableSkeleton rows={3} />
    ) : (
      <ProblemNotice error={error} title="The timeline cannot be shown" />
    );
  }
  return (
    <Panel title="Timeline">
      <Timeline events={data.items} />
    </Panel>
  );
}
