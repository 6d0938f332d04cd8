"use client";

import { useQuery } from "@tanstack/react-query";
import { precheckQuery } from "@/lib/client/jobs";
import type { PrecheckView } from "@/lib/contracts/precheck";
import type { RunView } from "@/lib/contracts/run";
import type { Precheck } from "@/lib/domain/precheck";
import { isActive } from "@/lib/domain/run";

const NEXT = {
  start: null,
  resume: "It can be resumed",
  cleanup: "A start cleans up first",
  wait: "A start has to wait",
} as const satisfies Record<Precheck, string | null>;

/** Why the main button is what it is, where that is more than a plain start. */
export function NextStepReason({ job, run }: { job: string; run: RunView | null }) {
  const over = run !== null && !isActive(run.state);
  const seen = run === null ? "never" : `${run.id}.${run.version}`;
  const { data } = useQuery({ ...precheckQuery(job, seen), enabled: over });
  const next = data === undefined || !over ? null : nextOf(data);
  if (next === null) return null;
  return (
    <p>
      <span className="font-medium text-fg">{next}:</span> {data?.reason}
    </p>
  );
}

function nextOf({ precheck, run }: PrecheckView): string | null {
  if (precheck === "start" && run?.oldFolder != null) return "It can be resumed in the old folder";
  return precheck === "resume" && run?.resumeFrom == null ? "It can be started again" : NEXT[precheck];
}
