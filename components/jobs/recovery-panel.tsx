"use client";

import { useQuery } from "@tanstack/react-query";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { useNow } from "@/components/time/clock";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { type MayJob, useMay } from "@/lib/client/may";
import { recoveryQuery, useDecideRecovery, whatWasDone, whenNext } from "@/lib/client/recovery";
import type { RecoveryView } from "@/lib/contracts/recovery";
import type { RecoveryAction, RecoveryState } from "@/lib/domain/auto-recovery";

const TONE = { idle: "plain", waiting: "warn", gave_up: "bad", stopped: "plain" } as const satisfies Record<
  RecoveryState,
  string
>;

const WILL = {
  resume: "A new run will continue its work.",
  restart: "A new run will start from the beginning; what this one left is kept.",
} as const satisfies Record<RecoveryAction, string>;

/** Where the job's recovery by itself stands; nothing where there is nothing to say. */
export function RecoveryPanel({ job, active }: { job: MayJob; active: boolean }) {
  const { data } = useQuery(recoveryQuery(job.id, active));
  const stop = useDecideRecovery(job.id, "stop");
  const retry = useDecideRecovery(job.id, "retry");
  const decides = useMay().may("operator", job);
  const now = useNow();
  if (data === undefined || !hasSomethingToSay(data)) return null;
  const busy = stop.isPending || retry.isPending;
  return (
    <div className="mb-6 flex flex-col gap-3">
      <Notice
        tone={TONE[data.state]}
        // What ticks is not read out every second.
        title={
          <span className="tabular" aria-live={data.state === "gave_up" ? undefined : "off"}>
            {titleOf(data, now)}
          </span>
        }
        actions={
          decides && (
            <>
              {(data.state !== "idle" || !active) && (
                <Button size="sm" disabled={busy} busy={retry.isPending} onClick={() => retry.mutate({})}>
                  {active ? "Recover it again when it ends" : "Try again now"}
                </Button>
              )}
              {(data.state === "waiting" || data.state === "idle") && (
                <Button size="sm" disabled={busy} busy={stop.isPending} onClick={() => stop.mutate({})}>
                  Stop trying
                </Button>
              )}
            </>
          )
        }
      >
        {data.nextAction !== null && <p>{WILL[data.nextAction]}</p>}
        {data.reason !== null && <p className="wrap-anywhere">{data.reason}</p>}
      </Notice>
      <ProblemNotice error={stop.error ?? retry.error} title="That was not done" />
    </div>
  );
}

function hasSomethingToSay({ enabled, state, resumed, restarted }: RecoveryView): boolean {
  return enabled && (state !== "idle" || resumed + restarted > 0);
}

const GAVE_UP = "Automatic recovery gave up";

function titleOf(recovery: RecoveryView, now: number): string {
  const { state, attempts, maxAttempts, nextAt } = recovery;
  const done = whatWasDone(recovery, now);
  const after = (words: string) => (done === null ? words : `${done}, ${words}`);
  switch (state) {
    case "waiting":
      return sentence(after(`${whenNext(nextAt, now)} (${attempts + 1} of ${maxAttempts})`));
    case "gave_up":
      return done === null ? GAVE_UP : `${done}: ${GAVE_UP.charAt(0).toLowerCase()}${GAVE_UP.slice(1)}`;
    case "stopped":
      return "Automatic recovery no longer tries";
    default:
      return done ?? "Automatic recovery is on";
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
