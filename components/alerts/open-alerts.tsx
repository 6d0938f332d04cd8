"use client";

import { useQuery } from "@tanstack/react-query";
import { BellRing, CircleAlert } from "lucide-react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Ago } from "@/components/time/ago";
import { Button, ButtonLink } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Panel } from "@/components/ui/panel";
import { type AlertGroup, groupAlerts, openAlertsQuery, useAcknowledgeAlerts } from "@/lib/client/alerts";
import { useMay } from "@/lib/client/may";
import type { AlertView } from "@/lib/contracts/alert";
import type { AlertKind } from "@/lib/domain/alert";

const SHOWN_AT_MOST = 5;

const LOOK = {
  stuck: { Icon: BellRing, ink: "text-warn" },
  recovery: { Icon: CircleAlert, ink: "text-bad" },
} as const satisfies Record<AlertKind, unknown>;

/** Alerts that have not been acknowledged. `onStuck`: the page itself lists what is stuck. */
export function OpenAlerts({ onStuck = false }: { onStuck?: boolean }) {
  const { data } = useQuery(openAlertsQuery());
  const acknowledge = useAcknowledgeAlerts();
  const groups = groupAlerts(data?.items ?? []);
  const more = groups.length - SHOWN_AT_MOST;
  if (groups.length === 0) return null;
  return (
    <Panel title="Alerts" aside={more > 0 ? `and ${more} more` : undefined}>
      <ProblemNotice error={acknowledge.error} title="It was not acknowledged" className="m-3" />
      <ul aria-label="Alerts" className="divide-y divide-line">
        {groups.slice(0, SHOWN_AT_MOST).map((group) => (
          <AlertRow
            key={group[0].id}
            group={group}
            onStuck={onStuck}
            busy={acknowledge.isPending && acknowledge.variables.includes(group[0].id)}
            onSeen={(ids) => acknowledge.mutate(ids)}
          />
        ))}
      </ul>
    </Panel>
  );
}

type AlertRowProps = {
  group: AlertGroup;
  onStuck: boolean;
  busy: boolean;
  onSeen: (ids: readonly string[]) => void;
};

function AlertRow({ group, onStuck, busy, onSeen }: AlertRowProps) {
  const [newest, ...older] = group;
  const { Icon, ink } = LOOK[newest.kind];
  const { may } = useMay();
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-2.5">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", ink)} />
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-baseline gap-x-2.5">
          <span className="text-sm font-medium wrap-anywhere">{newest.title}</span>
          <span className="text-xs text-faint">
            <Ago at={newest.at} />
            {older.length > 0 && `, and ${older.length} earlier`}
          </span>
        </p>
        <p className={cn("text-xs wrap-anywhere text-muted", newest.kind === "stuck" && "max-sm:hidden")}>
          {newest.detail}
        </p>
      </div>
      <div className="flex flex-wrap gap-1 max-sm:w-full max-sm:pl-7">
        <About alert={newest} onStuck={onStuck} />
        {may("operator", null) && (
          <Button
            size="sm"
            look="quiet"
            busy={busy}
            onClick={() => onSeen(group.map(({ id }) => id))}
            aria-label={`Acknowledge: ${newest.title}`}
            title="Says that it was seen; no run is changed"
          >
            Acknowledge
          </Button>
        )}
      </div>
    </li>
  );
}

function About({ alert: { kind, job }, onStuck }: { alert: AlertView; onStuck: boolean }) {
  if (kind === "stuck")
    return onStuck ? null : (
      <ButtonLink size="sm" href="/stuck">
        See what is stuck
      </ButtonLink>
    );
  if (job === null || job === undefined) return null;
  return (
    <ButtonLink size="sm" href={`/jobs/${job}`} className="max-w-full">
      <span className="truncate">Open {job}</span>
    </ButtonLink>
  );
}
