"use client";

import { Eraser, Play, Square, StepForward } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTags } from "@/components/jobs/use-titles";
import { EvidenceFold } from "@/components/runs/evidence-fold";
import { HealthBadge } from "@/components/runs/health-badge";
import { StateBadge } from "@/components/runs/state-badge";
import { StopRunDialog } from "@/components/runs/stop-run-dialog";
import { Button } from "@/components/ui/button";
import { formatElapsed } from "@/lib/client/elapsed";
import { useMay } from "@/lib/client/may";
import { resumeWord } from "@/lib/client/resume";
import { canClean } from "@/lib/client/stuck-rows";
import type { StuckItemView } from "@/lib/contracts/stuck";

export type RowCommands = {
  readonly begin: (item: StuckItemView, mode: "resume" | "auto" | "fresh") => void;
  readonly clean: (item: StuckItemView) => void;
  readonly tick: (item: StuckItemView, ticked: boolean) => void;
  /** The run whose command is under way. */
  readonly busy: string | null;
};

type StuckRowProps = { item: StuckItemView; title: string; ticked: boolean; commands: RowCommands };

export function StuckRow({ item, title, ticked, commands }: StuckRowProps) {
  const { run, ageMs, sentence } = item;
  return (
    <li
      data-row={run.id}
      className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3 focus-within:bg-raised/40 hover:bg-raised/40"
    >
      <Tick item={item} title={title} ticked={ticked} commands={commands} />
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5">
          <Link
            href={`/runs/${run.id}`}
            data-row-link
            data-key="l"
            className="font-medium wrap-anywhere underline-offset-4 hover:underline"
          >
            {title}
          </Link>
          <StateBadge state={run.state} />
          <HealthBadge health={run.health} />
          <span className="tabular text-xs text-muted" title="Since it was started or requested">
            {formatElapsed(ageMs)} old
          </span>
        </p>
        <p className="mt-0.5 text-sm wrap-anywhere text-muted">{sentence}</p>
        <EvidenceFold evidence={run.evidence} of={title} />
      </div>
      <RowButtons item={item} title={title} commands={commands} />
    </li>
  );
}

function Tick({ item, title, ticked, commands }: StuckRowProps) {
  const { may } = useMay();
  if (!may("operator", null)) return null;
  if (!canClean(item)) return <span aria-hidden className="size-4 shrink-0 max-md:size-5 max-sm:hidden" />;
  return (
    <input
      type="checkbox"
      data-key="x"
      aria-label={`Tick ${title} for the clean-up`}
      checked={ticked}
      onChange={(event) => commands.tick(item, event.target.checked)}
      className="mt-1 size-4 shrink-0 accent-accent max-md:size-5"
    />
  );
}

function RowButtons({ item, title, commands }: Omit<StuckRowProps, "ticked">) {
  const [stopping, setStopping] = useState(false);
  const { run } = item;
  const can = useAllowed(item);
  const busy = commands.busy === run.id;
  return (
    <div className="flex flex-wrap justify-end gap-1 max-sm:w-full max-sm:justify-start max-sm:pl-8">
      {can.includes("clean") && (
        <Button
          size="sm"
          look="quiet"
          icon={<Eraser aria-hidden />}
          onClick={() => commands.clean(item)}
          disabled={busy}
          aria-label={`Clean up ${title}`}
          title="Shows first what a clean-up would do; nothing is changed yet"
          data-key="c"
        >
          Clean up…
        </Button>
      )}
      {can.includes("start") && (
        <Button
          size="sm"
          look={can.includes("resume") ? "quiet" : "plain"}
          icon={<Play aria-hidden />}
          onClick={() => commands.begin(item, "fresh")}
          busy={busy && !can.includes("resume")}
          disabled={busy}
          aria-label={`Start over ${title}`}
          title="Starts from the beginning; what this run left is kept aside, not deleted"
          data-key={can.includes("resume") ? undefined : "s"}
        >
          Start over
        </Button>
      )}
      {can.includes("start_again") && (
        <Button
          size="sm"
          look="main"
          icon={<Play aria-hidden />}
          busy={busy}
          onClick={() => commands.begin(item, "auto")}
          aria-label={`Start again ${title}`}
          title="Starts a new run in its lineage; without a checkpoint it starts from the beginning unless the program keeps its own place"
          data-key="s"
        >
          Start again
        </Button>
      )}
      {can.includes("stop") && (
        <Button
          size="sm"
          icon={<Square aria-hidden />}
          onClick={() => setStopping(true)}
          aria-label={`Stop ${title}`}
          data-key="s"
        >
          Stop…
        </Button>
      )}
      {can.includes("resume") && (
        <Button
          size="sm"
          look="main"
          icon={<StepForward aria-hidden />}
          busy={busy}
          onClick={() => commands.begin(item, "resume")}
          aria-label={run.oldFolder === null ? `Resume ${title}` : `Resume ${title} in the old folder`}
          title={`Starts a new run from ${run.resumeFrom ?? "what this one left"}`}
          data-key="r"
        >
          {resumeWord(run)}
        </Button>
      )}
      <StopRunDialog run={run} title={title} open={stopping} onOpenChange={setStopping} />
    </div>
  );
}

/** What can be done about it by this person: a clean-up is a plan, which takes a role for everything. */
function useAllowed({ can, run }: StuckItemView): StuckItemView["can"] {
  const { may } = useMay();
  const tagsOf = useTags();
  const operates = may("operator", { id: run.job, tags: tagsOf(run.job) });
  const forces = may("admin", null);
  return can.filter((deed) => {
    if (deed === "clean") return may("operator", null);
    if (deed === "stop" && run.state === "stopping") return forces;
    return operates;
  });
}
