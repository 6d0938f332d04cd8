"use client";

import { useQuery } from "@tanstack/react-query";
import { Eraser, Hourglass, type LucideIcon, Play, Square, StepForward } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { StartWithDialog } from "@/components/parameters/start-with-dialog";
import { StopRunDialog } from "@/components/runs/stop-run-dialog";
import { Button } from "@/components/ui/button";
import { precheckQuery, useStartJob } from "@/lib/client/jobs";
import { jobOf, useMay } from "@/lib/client/may";
import { nextStep } from "@/lib/client/next-step";
import { resumeBody } from "@/lib/client/resume";
import type { StartBody } from "@/lib/contracts/actions";
import type { PrecheckView } from "@/lib/contracts/precheck";
import type { RunView } from "@/lib/contracts/run";
import type { ForeignView, StatusView } from "@/lib/contracts/status";
import type { Precheck } from "@/lib/domain/precheck";
import { isActive } from "@/lib/domain/run";
import { asksToStartOver, StartOverDialog } from "./start-over-dialog";
import { StopForeignDialog } from "./stop-foreign-dialog";

type Step = Precheck | "start_again" | "resume_old";

const LOOK = {
  start: { word: "Start", icon: Play, mode: "auto" },
  resume: { word: "Resume", icon: StepForward, mode: "resume" },
  resume_old: { word: "Resume in the old folder", icon: StepForward, mode: "resume" },
  start_again: { word: "Start again", icon: Play, mode: "auto" },
  cleanup: { word: "Clean up and start", icon: Eraser, mode: "auto" },
  wait: { word: "Wait", icon: Hourglass, mode: "auto" },
} as const satisfies Record<Step, { word: string; icon: LucideIcon; mode: "auto" | "resume" }>;

/** They go on with what the run before was given. */
const KEEPS_PARAMETERS: readonly Step[] = ["resume", "resume_old", "start_again"];

/** Resume is offered only where there is something to resume from. */
function stepOf({ precheck, run }: PrecheckView): Step {
  if (precheck === "start" && run?.oldFolder != null) return "resume_old";
  return precheck === "resume" && run?.resumeFrom == null ? "start_again" : precheck;
}

/** Until the check has answered, the same as in the lists. */
function beforeCheck(run: RunView | null): Step {
  const step = nextStep(run);
  return step === "stop" ? "wait" : step;
}

type MainButtonProps = { status: StatusView; onProblem: (error: unknown) => void };

/**
 * The one right next step of a job: stop what is active, else what the server's pre-start check says. Nothing where the role does not
 * allow it.
 */
export function MainButton(props: MainButtonProps) {
  return useMay().may("operator", jobOf(props.status)) ? <NextStep {...props} /> : null;
}

function NextStep({ status, onProblem }: MainButtonProps) {
  const { run, foreign } = status;
  const forces = useMay().may("admin", null);
  const [stopping, setStopping] = useState(false);
  const active = run !== null && isActive(run.state);
  if (!active && foreign?.certain)
    return foreign.stopping && !forces ? null : <StopItButton status={status} foreign={foreign} />;
  return (
    <>
      {active && (run.state !== "stopping" || forces) && (
        <Button
          look={run.state === "stopping" ? "plain" : "main"}
          icon={<Square aria-hidden />}
          onClick={() => setStopping(true)}
          data-key="s"
        >
          {run.state === "stopping" ? "Force stop…" : "Stop"}
        </Button>
      )}
      {!active && <StartStep status={status} onProblem={onProblem} />}
      {run !== null && (
        <StopRunDialog run={run} title={status.title} open={stopping} onOpenChange={setStopping} />
      )}
    </>
  );
}

/** Nothing else makes sense while it runs outside: a start would be refused. */
function StopItButton({ status, foreign }: { status: StatusView; foreign: ForeignView }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="main" icon={<Square aria-hidden />} onClick={() => setOpen(true)} data-key="s">
        Stop it
      </Button>
      <StopForeignDialog
        job={status.job}
        title={status.title}
        foreign={foreign}
        open={open}
        onOpenChange={setOpen}
      />
    </>
  );
}

function StartStep({ status, onProblem }: MainButtonProps) {
  const { job, title, run, enabled } = status;
  const router = useRouter();
  const onDone = (begun: RunView) => {
    toast(`${title}: start requested`);
    router.push(`/runs/${begun.id}`);
  };
  const start = useStartJob(job, { onDone, onRefused: onProblem });
  const [asking, setAsking] = useState<Pick<StartBody, "mode" | "args"> | null>(null);
  const { data } = useQuery(precheckQuery(job, run === null ? "never" : `${run.id}.${run.version}`));
  const step = data === undefined ? beforeCheck(run) : stepOf(data);
  const { word, icon: Icon, mode } = LOOK[step];
  const begin = (chosen: "auto" | "resume" | "fresh", args: string[] | null = null) => {
    onProblem(null);
    const more = args === null ? {} : { args };
    if (status.takesParameters && (chosen === "fresh" || !KEEPS_PARAMETERS.includes(step)))
      return setAsking({ mode: chosen, ...more });
    const how = chosen === "resume" && run !== null ? resumeBody(data?.run ?? run) : { mode: chosen };
    return start.mutate({ ...how, ...more });
  };
  const [asked, setAsked] = useState(false);
  const edits = useMay().may("admin", null);
  const disabled = edits
    ? "This job is disabled. Enable it under Edit."
    : "This job is disabled. An admin can enable it.";
  const why = enabled ? data?.reason : disabled;
  return (
    <>
      {(step === "resume" || step === "resume_old" || step === "start_again") && (
        <Button
          onClick={() => (asksToStartOver(run) ? setAsked(true) : begin("fresh"))}
          busy={start.isPending && start.variables.mode === "fresh"}
          disabled={!enabled || start.isPending}
        >
          Start over
        </Button>
      )}
      <StartOverDialog
        title={title}
        run={asked && asksToStartOver(run) ? run : null}
        close={() => setAsked(false)}
        onChosen={(args) => begin("fresh", args)}
      />
      <StartWithDialog
        job={job}
        title={title}
        run={run}
        how={asking}
        word={asking?.mode === "fresh" ? "Start over" : word}
        close={() => setAsking(null)}
        onStarted={onDone}
      />
      <Button
        look="main"
        icon={<Icon aria-hidden />}
        busy={start.isPending && start.variables.mode !== "fresh"}
        disabled={!enabled || step === "wait" || start.isPending}
        title={why}
        onClick={() => begin(mode)}
        data-key="s"
      >
        {word}
      </Button>
    </>
  );
}
