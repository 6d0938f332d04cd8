"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCw, Square } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { MainButton } from "@/components/jobs/main-button";
import { Ago, Elapsed } from "@/components/time/ago";
import { Button, ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { type MayJob, useMay } from "@/lib/client/may";
import { jobStatusQuery } from "@/lib/client/status";
import type { RunView } from "@/lib/contracts/run";
import { isActive } from "@/lib/domain/run";
import { HealthBadge } from "./health-badge";
import { LastWords } from "./last-words";
import { RestartDialog } from "./restart-dialog";
import { SettleActions } from "./settle-actions";
import { StateBadge } from "./state-badge";
import { StopRunDialog } from "./stop-run-dialog";
import { UnsettledBadge } from "./unsettled-badge";
import { whyOf } from "./why";

type RunHeaderProps = { run: RunView; onProblem: (error: unknown) => void };

export function RunHeader({ run, onProblem }: RunHeaderProps) {
  const { data: status } = useQuery(jobStatusQuery(run.job));
  const title = status?.title ?? run.job;
  return (
    <PageHeader
      title={
        <Link href={`/jobs/${run.job}`} className="underline-offset-4 hover:underline">
          {title}
        </Link>
      }
      badge={
        <>
          <StateBadge state={run.state} large />
          <HealthBadge health={run.health} why={whyOf(run)} />
          <UnsettledBadge run={run} />
        </>
      }
      below={
        <>
          <p className="text-base text-fg">{whyOf(run)}</p>
          <LastWords run={run} />
          {run.unsettled && run.verdictSentence !== null && (
            <p className="mt-0.5 text-sm text-muted">{run.verdictSentence}</p>
          )}
          <p className="mt-0.5 text-xs text-faint">
            <Lasted run={run} />
            <span className="max-sm:hidden">
              {" "}
              · <code>{run.id}</code>
            </span>
          </p>
        </>
      }
      actions={
        isActive(run.state) ? (
          <ActiveActions run={run} title={title} job={{ id: run.job, tags: status?.tags ?? [] }} />
        ) : (
          <>
            <SettleActions run={run} title={title} onProblem={onProblem} />
            <Again run={run} status={status} onProblem={onProblem} />
          </>
        )
      }
    />
  );
}

type ActiveActionsProps = { run: RunView; title: string; job: MayJob };

function ActiveActions({ run, title, job }: ActiveActionsProps) {
  const [dialog, setDialog] = useState<"stop" | "restart" | null>(null);
  const close = () => setDialog(null);
  const { may } = useMay();
  if (!may("operator", job)) return null;
  return (
    <>
      <Button icon={<RotateCw aria-hidden />} onClick={() => setDialog("restart")} data-key="r">
        Restart
      </Button>
      {(run.state !== "stopping" || may("admin", null)) && (
        <Button
          look={run.state === "stopping" ? "plain" : "main"}
          icon={<Square aria-hidden />}
          onClick={() => setDialog("stop")}
          data-key="s"
        >
          {run.state === "stopping" ? "Force stop…" : "Stop"}
        </Button>
      )}
      <StopRunDialog run={run} title={title} open={dialog === "stop"} onOpenChange={close} />
      <RestartDialog job={run.job} title={title} open={dialog === "restart"} onOpenChange={close} />
    </>
  );
}

/** How long it lasts says when it started; once it is over that is two facts. */
function Lasted({ run }: { run: RunView }) {
  const started = run.startedAt ?? run.queuedAt;
  const duration = <Elapsed since={started} until={run.endedAt} />;
  if (isActive(run.state))
    return (
      <>
        {run.startedAt === null ? "waiting" : "running"} for {duration}
      </>
    );
  return (
    <>
      started <Ago at={started} /> · took {duration}
    </>
  );
}

type AgainProps = RunHeaderProps & { status: Parameters<typeof MainButton>[0]["status"] | undefined };

/** Only the newest run offers the next step; an older one points to it. */
function Again({ run, status, onProblem }: AgainProps) {
  if (status === undefined) return null;
  if (status.run === null || status.run.id === run.id)
    return <MainButton status={status} onProblem={onProblem} />;
  return (
    <ButtonLink href={`/runs/${status.run.id}`}>
      Newest run: <StateBadge state={status.run.state} />
    </ButtonLink>
  );
}
