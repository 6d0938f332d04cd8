"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { type ReactNode, useState } from "react";
import { OpenAlerts } from "@/components/alerts/open-alerts";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { StalePidFiles, Strays } from "@/components/strays/strays";
import { StuckCounts } from "@/components/stuck/stuck-counts";
import { StuckList } from "@/components/stuck/stuck-list";
import { ShortAgeNotice, Threshold } from "@/components/stuck/threshold";
import { Ago } from "@/components/time/ago";
import { ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { TableSkeleton } from "@/components/ui/skeleton";
import { stuckQuery } from "@/lib/client/stuck";
import { readAgeHours } from "@/lib/client/stuck-age";
import type { StuckAnswer } from "@/lib/contracts/stuck";

export function StuckView() {
  const [text, setText] = useQueryState("age", parseAsString.withOptions({ history: "push" }));
  const ageHours = readAgeHours(text);
  return (
    <>
      <PageHeader
        title="Stuck"
        below="Runs that need a decision: resume, start again, clean up or stop."
        actions={<ButtonLink href="/cleanups">Clean-ups</ButtonLink>}
      />
      <div className="flex flex-col gap-7">
        <StuckPart
          key={ageHours ?? "any"}
          ageHours={ageHours}
          onAge={(hours) => void setText(hours === null ? null : String(hours))}
        >
          <OpenAlerts onStuck />
          <Strays />
        </StuckPart>
        <StalePidFiles />
      </div>
    </>
  );
}

type StuckPartProps = {
  ageHours: number | null;
  onAge: (hours: number | null) => void;
  /** What has to be seen before the list, however long that is. */
  children: ReactNode;
};

/** Keyed by the threshold: what was ticked or allowed for one list says nothing about another. */
function StuckPart({ ageHours, onAge, children }: StuckPartProps) {
  const { data, error } = useQuery(stuckQuery({ ageHours }));
  const [shortAllowed, setShortAllowed] = useState(false);
  return (
    <>
      {data !== undefined && <StuckCounts counts={data.counts} />}
      {children}
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <Threshold ageHours={ageHours} onChange={onAge} />
        {data !== undefined && <LastCheck lastCheck={data.lastCheck} />}
      </div>
      <ShortAgeNotice ageHours={ageHours} allowed={shortAllowed} onAllow={setShortAllowed} />
      {data === undefined &&
        (error === null ? (
          <TableSkeleton />
        ) : (
          <ProblemNotice error={error} title="What is stuck cannot be shown" />
        ))}
      {data !== undefined && <StuckList answer={data} shortAllowed={shortAllowed} />}
    </>
  );
}

function LastCheck({ lastCheck }: Pick<StuckAnswer, "lastCheck">) {
  return (
    <p className="text-xs text-muted">
      {lastCheck === null ? (
        "The periodic check has not run yet."
      ) : (
        <>
          Last periodic check <Ago at={lastCheck.at} />,{" "}
          {lastCheck.found === 0 ? "nothing found" : `${lastCheck.found} found`}
        </>
      )}
    </p>
  );
}
