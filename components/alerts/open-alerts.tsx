"use client";

import { useQuery } from "@tanstack/react-query";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Ago } from "@/components/time/ago";
import { Button, ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { openAlertsQuery, useAcknowledgeAlerts } from "@/lib/client/alerts";
import type { AlertView } from "@/lib/contracts/alert";
import type { AlertKind } from "@/lib/domain/alert";

const SHOWN_AT_MOST = 5;

const TONE = { stuck: "warn", recovery: "bad" } as const satisfies Record<AlertKind, string>;

/** What was told without being asked for, until somebody says it was seen. `onStuck`: the page itself lists what is stuck. */
export function OpenAlerts({ onStuck = false }: { onStuck?: boolean }) {
  const { data } = useQuery(openAlertsQuery());
  const groups = grouped(data?.items ?? []);
  const more = groups.length - SHOWN_AT_MOST;
  if (groups.length === 0) return null;
  return (
    <section aria-label="Alerts" className="flex flex-col gap-3">
      {groups.slice(0, SHOWN_AT_MOST).map(([newest, ...older]) => (
        <Alert key={newest.id} newest={newest} older={older} onStuck={onStuck} />
      ))}
      {more > 0 && (
        <p className="text-xs text-muted">
          {more === 1 ? "One more alert comes" : `${more} more alerts come`} up when these are acknowledged.
        </p>
      )}
    </section>
  );
}

type Group = readonly [newest: AlertView, ...older: AlertView[]];

/** A newer look at what is stuck says more than the one before; a job's recovery is told of for each job. */
function grouped(alerts: readonly AlertView[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const alert of alerts) {
    const about = alert.kind === "stuck" ? "stuck" : `${alert.kind} ${alert.job ?? alert.id}`;
    const known = groups.get(about);
    groups.set(about, known === undefined ? [alert] : [...known, alert]);
  }
  return [...groups.values()];
}

type AlertProps = { newest: AlertView; older: readonly AlertView[]; onStuck: boolean };

function Alert({ newest, older, onStuck }: AlertProps) {
  const acknowledge = useAcknowledgeAlerts();
  return (
    <>
      <Notice
        tone={TONE[newest.kind]}
        title={newest.title}
        actions={
          <>
            <About alert={newest} onStuck={onStuck} />
            <Button
              size="sm"
              busy={acknowledge.isPending}
              onClick={() => acknowledge.mutate([newest, ...older].map(({ id }) => id))}
              aria-label={`Acknowledge: ${newest.title}`}
              title="Says that it was seen; no run is changed"
            >
              Acknowledge
            </Button>
          </>
        }
      >
        <p className="wrap-anywhere">{newest.detail}</p>
        <p className="mt-0.5 text-xs text-faint">
          <Ago at={newest.at} />
          {older.length > 0 && `, and ${older.length} earlier`}
        </p>
      </Notice>
      <ProblemNotice error={acknowledge.error} title="It was not acknowledged" />
    </>
  );
}

function About({ alert: { kind, job }, onStuck }: { alert: AlertView; onStuck: boolean }) {
  if (kind === "stuck")
    return onStuck ? null : (
      <ButtonLink size="sm" look="main" href="/stuck">
        See what is stuck
      </ButtonLink>
    );
  if (job === null || job === undefined) return null;
  return (
    <ButtonLink size="sm" look="main" href={`/jobs/${job}`}>
      Open {job}
    </ButtonLink>
  );
}
