"use client";

import { useQuery } from "@tanstack/react-query";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { openAlertsQuery, useAcknowledgeAlert } from "@/lib/client/stuck";

/** What the periodic check found, until somebody says it was seen. */
export function StuckAlerts() {
  const { data } = useQuery(openAlertsQuery());
  const acknowledge = useAcknowledgeAlert();
  const [newest, ...older] = data?.items ?? [];
  if (newest === undefined) return null;
  return (
    <div className="flex flex-col gap-3">
      <Notice
        tone="warn"
        title={newest.title}
        actions={
          <Button
            size="sm"
            busy={acknowledge.isPending}
            onClick={() => acknowledge.mutate(newest.id)}
            title="Says that it was seen; no run is changed"
          >
            Acknowledge
          </Button>
        }
      >
        <p>{newest.detail}</p>
        <p className="mt-0.5 text-xs text-faint">
          <Ago at={newest.at} />
          {older.length > 0 && `, and ${older.length} earlier`}
        </p>
      </Notice>
      <ProblemNotice error={acknowledge.error} title="It was not acknowledged" />
    </div>
  );
}
