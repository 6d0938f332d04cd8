"use client";

import { Play, RotateCw, Square, StepForward } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { StartWithDialog } from "@/components/parameters/start-with-dialog";
import { RestartDialog } from "@/components/runs/restart-dialog";
import { StopRunDialog } from "@/components/runs/stop-run-dialog";
import { Button } from "@/components/ui/button";
import { useStartJob } from "@/lib/client/jobs";
import { jobOf, useMay } from "@/lib/client/may";
import { type NextStep, nextStep } from "@/lib/client/next-step";
import type { StatusView } from "@/lib/contracts/status";
import { StopForeignDialog } from "./stop-foreign-dialog";

type JobActionsProps = { status: StatusView; onProblem: (job: string, error: unknown) => void };

/** A row's buttons: the next step, and a restart of what is running. None where the role does not allow them. */
export function JobActions(props: JobActionsProps) {
  return useMay().may("operator", jobOf(props.status)) ? <Buttons {...props} /> : null;
}

function Buttons({ status, onProblem }: JobActionsProps) {
  const { run, title, job, foreign } = status;
  const step = nextStep(run);
  const [dialog, setDialog] = useState<"stop" | "restart" | "foreign" | null>(null);
  const close = () => setDialog(null);
  const forces = useMay().may("admin", null);
  const stop = run?.state === "stopping" ? "Force stop…" : "Stop";
  return (
    <div className="relative z-1 flex justify-end gap-1">
      {step === "stop" ? (
        <>
          <Button
            size="sm"
            look="quiet"
            icon={<RotateCw aria-hidden />}
            onClick={() => setDialog("restart")}
            aria-label={`Restart ${title}`}
            title="Restart"
            data-key="r"
            className="max-sm:hidden"
          />
          {(run?.state !== "stopping" || forces) && (
            <Button
              size="sm"
              icon={<Square aria-hidden />}
              onClick={() => setDialog("stop")}
              aria-label={`${stop} ${title}`}
              data-key="s"
              className="min-w-[5.5rem]"
            >
              {stop}
            </Button>
          )}
        </>
      ) : foreign?.certain ? (
        (!foreign.stopping || forces) && (
          <Button
            size="sm"
            icon={<Square aria-hidden />}
            onClick={() => setDialog("foreign")}
            aria-label={`Stop ${title}, which runs outside Unstuck`}
            data-key="s"
            className="min-w-[5.5rem]"
          >
            Stop it
          </Button>
        )
      ) : (
        <StartButton status={status} step={step} onProblem={onProblem} />
      )}
      {run !== null && (
        <StopRunDialog run={run} title={title} open={dialog === "stop"} onOpenChange={close} />
      )}
      {foreign !== null && (
        <StopForeignDialog
          job={job}
          title={title}
          foreign={foreign}
          open={dialog === "foreign"}
          onOpenChange={close}
        />
      )}
      <RestartDialog job={job} title={title} open={dialog === "restart"} onOpenChange={close} />
    </div>
  );
}

type StartStep = Exclude<NextStep, "stop">;

const WORD = { start: "Start", resume: "Resume", start_again: "Start again" } as const satisfies Record<
  StartStep,
  string
>;

function StartButton({ status, step, onProblem }: JobActionsProps & { step: StartStep }) {
  const { job, title, enabled } = status;
  const resume = step === "resume";
  const onDone = () => void toast(`${title}: start requested`);
  const start = useStartJob(job, { onDone, onRefused: (error) => onProblem(job, error) });
  const [asking, setAsking] = useState(false);
  const word = WORD[step];
  const press = () => {
    onProblem(job, null);
    if (status.takesParameters && step === "start") setAsking(true);
    else start.mutate({ mode: resume ? "resume" : "auto" });
  };
  return (
    <>
      <StartWithDialog
        job={job}
        title={title}
        run={status.run}
        how={asking ? { mode: "auto" } : null}
        word={word}
        close={() => setAsking(false)}
        onStarted={onDone}
      />
      <Button
        size="sm"
        icon={resume ? <StepForward aria-hidden /> : <Play aria-hidden />}
        busy={start.isPending}
        disabled={!enabled}
        title={enabled ? undefined : "This job is disabled"}
        onClick={press}
        aria-label={`${word} ${title}`}
        data-key={resume ? "r" : "s"}
        className="min-w-[5.5rem]"
      >
        {word}
      </Button>
    </>
  );
}
