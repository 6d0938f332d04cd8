"use client";

import { Eraser, type LucideIcon, Pencil, RotateCw, ScrollText, Trash2 } from "lucide-react";
import { useState } from "react";
import { HealthBadge } from "@/components/runs/health-badge";
import { LastWords } from "@/components/runs/last-words";
import { RestartDialog } from "@/components/runs/restart-dialog";
import { NeverRan, StateBadge } from "@/components/runs/state-badge";
import { whyOf } from "@/components/runs/why";
import { Ago } from "@/components/time/ago";
import { Button, ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { useMay } from "@/lib/client/may";
import type { JobView } from "@/lib/contracts/job";
import type { StatusView } from "@/lib/contracts/status";
import { isActive } from "@/lib/domain/run";
import { DeleteJobDialog } from "./delete-job-dialog";
import { ForeignBadge } from "./foreign-badge";
import { MainButton } from "./main-button";
import { NextStepReason } from "./next-step-reason";
import { ResetDialog } from "./reset-dialog";

type JobHeaderProps = { job: JobView; status: StatusView; onProblem: (error: unknown) => void };

/** State, why, and the one right next step; the rest of the actions are quiet beside it. */
export function JobHeader({ job, status, onProblem }: JobHeaderProps) {
  const { run } = status;
  const [dialog, setDialog] = useState<"restart" | "delete" | "reset" | null>(null);
  const close = () => setDialog(null);
  const active = run !== null && isActive(run.state);
  const { may } = useMay();
  const operates = may("operator", job);
  const administers = may("admin", null);
  return (
    <>
      <PageHeader
        title={job.title}
        badge={
          <>
            {run === null ? <NeverRan /> : <StateBadge state={run.state} large />}
            {run !== null && <HealthBadge health={run.health} why={whyOf(run)} />}
            <ForeignBadge foreign={status.foreign} />
          </>
        }
        below={<Below job={job} status={status} />}
        actions={
          <>
            {administers && (
              <IconButton icon={Trash2} name="Delete job" onPress={() => setDialog("delete")} />
            )}
            {operates && (active || status.foreign !== null || job.pidFile !== null) && (
              <IconButton
                icon={Eraser}
                name="Reset job"
                about="Reset job: put it back to where it can be started"
                onPress={() => setDialog("reset")}
              />
            )}
            {administers && (
              <ButtonLink href={`/jobs/${job.id}/edit`} icon={<Pencil aria-hidden />} data-key="e">
                <OnPhonesUnseen>Edit</OnPhonesUnseen>
              </ButtonLink>
            )}
            {active && (
              <ButtonLink href={`/runs/${run.id}#log`} icon={<ScrollText aria-hidden />} data-key="l">
                <OnPhonesUnseen>Log</OnPhonesUnseen>
              </ButtonLink>
            )}
            {active && operates && (
              <Button icon={<RotateCw aria-hidden />} onClick={() => setDialog("restart")} data-key="r">
                <OnPhonesUnseen>Restart</OnPhonesUnseen>
              </Button>
            )}
            <MainButton status={status} onProblem={onProblem} />
          </>
        }
      />
      <RestartDialog job={job.id} title={job.title} open={dialog === "restart"} onOpenChange={close} />
      <ResetDialog status={status} open={dialog === "reset"} onOpenChange={close} />
      <DeleteJobDialog job={job.id} open={dialog === "delete"} onOpenChange={close} />
    </>
  );
}

type IconButtonProps = { icon: LucideIcon; name: string; about?: string; onPress: () => void };

function IconButton({ icon: Icon, name, about = name, onPress }: IconButtonProps) {
  return (
    <Button look="quiet" size="icon" onClick={onPress} aria-label={name} title={about}>
      <Icon aria-hidden />
    </Button>
  );
}

/** All buttons fit into one row of a phone when only the main one is spelled out. */
function OnPhonesUnseen({ children }: { children: string }) {
  return <span className="max-sm:sr-only">{children}</span>;
}

function Below({ job, status: { run } }: { job: JobView; status: StatusView }) {
  return (
    <div className="flex flex-col gap-0.5">
      {run !== null && (
        <p>
          {whyOf(run)} <Ago at={run.endedAt ?? run.startedAt ?? run.queuedAt} className="text-faint" />
          <LastWords run={run} inline />
        </p>
      )}
      <NextStepReason job={job.id} run={run} />
      <p className="flex flex-wrap gap-x-2 text-xs text-faint">
        <code>{job.id}</code>
        {!job.enabled && <span className="font-medium text-fg">disabled</span>}
      </p>
    </div>
  );
}
