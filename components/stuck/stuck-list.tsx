"use client";

import { Eraser, StepForward } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { asksToStartOver, StartOverDialog } from "@/components/jobs/start-over-dialog";
import { useTags } from "@/components/jobs/use-titles";
import { StartWithDialog } from "@/components/parameters/start-with-dialog";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Empty } from "@/components/ui/empty";
import { useMay } from "@/lib/client/may";
import { useMakePlan } from "@/lib/client/plans";
import { resumeBody } from "@/lib/client/resume";
import { type Begun, useBegin, useRefreshStuck } from "@/lib/client/stuck";
import { isShortAge } from "@/lib/client/stuck-age";
import { canResume, countInWords, sectionsOf, type Ticks, tickedOf } from "@/lib/client/stuck-rows";
import type { StuckAnswer, StuckItemView } from "@/lib/contracts/stuck";
import { JustBegun } from "./just-begun";
import { ResumeAllDialog } from "./resume-all-dialog";
import type { RowCommands } from "./stuck-row";
import { StuckSection } from "./stuck-section";

type FreshStart = { mode: "fresh"; args?: string[] };
type StuckListProps = { answer: StuckAnswer; shortAllowed: boolean };

/** The rows in their sections, and the two things that are done to many at once: resume, and plan a clean-up. */
export function StuckList({ answer, shortAllowed }: StuckListProps) {
  const [ticks, setTicks] = useState<Ticks>(new Map());
  const [begun, setBegun] = useState<readonly Begun[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  // Of the list, not of its section: what came of each run is told after the section is empty.
  const [resuming, setResuming] = useState<readonly StuckItemView[] | null>(null);
  const [asked, setAsked] = useState<StuckItemView | null>(null);
  const [giving, setGiving] = useState<{ readonly item: StuckItemView; readonly how: FreshStart } | null>(
    null,
  );
  const router = useRouter();
  const tell = (one: Begun) => setBegun((known) => [one, ...known]);
  const begin = useBegin(tell, setProblem);
  const refresh = useRefreshStuck();
  // What it was given is asked for again: it may be wanted otherwise, and a secret is not known here.
  const startOver = (item: StuckItemView, args: string[] | null) => {
    setProblem(null);
    const how: FreshStart = { mode: "fresh", ...(args === null ? {} : { args }) };
    if (Object.keys(item.run.parameters ?? {}).length > 0) setGiving({ item, how });
    else begin.mutate({ item, ...how });
  };
  const plan = useMakePlan(({ id }) => router.push(`/cleanups/${id}`));
  const commands: RowCommands = {
    begin: (item, mode) => {
      if (mode === "fresh") return asksToStartOver(item.run) ? setAsked(item) : startOver(item, null);
      setProblem(null);
      begin.mutate({ item, ...(mode === "resume" ? resumeBody(item.run) : { mode }) });
    },
    clean: ({ run }) => plan.mutate({ runs: [run.id] }),
    tick: ({ run }, ticked) => setTicks((known) => new Map(known).set(run.id, ticked)),
    busy: begin.isPending ? begin.variables.item.run.id : null,
  };
  const { items, ageHours } = answer;
  const { may } = useMay();
  const tagsOf = useTags();
  const isResumable = (item: StuckItemView) =>
    canResume(item) && may("operator", { id: item.run.job, tags: tagsOf(item.run.job) });
  const blocked = isShortAge(ageHours) && !shortAllowed;
  return (
    <>
      <JustBegun begun={begun} />
      <ProblemNotice error={problem} title="It was not started" />
      <ProblemNotice error={plan.error} title="No clean-up was planned" />
      {items.length === 0 && <NothingStuck ageHours={ageHours} />}
      {sectionsOf(items).map((section) => (
        <StuckSection
          key={section.category}
          section={section}
          of={Math.max(answer.counts[section.category], section.items.length)}
          ticks={ticks}
          commands={commands}
          action={
            section.category === "resumable" && (
              <ResumeAll items={section.items.filter(isResumable)} onPress={setResuming} />
            )
          }
        />
      ))}
      {answer.nextCursor !== null && (
        <p className="text-sm text-muted">The first {items.length} are listed; the counts are of all.</p>
      )}
      <StartOverDialog
        title={asked?.run.job ?? ""}
        run={asked !== null && asksToStartOver(asked.run) ? asked.run : null}
        close={() => setAsked(null)}
        onChosen={(args) => asked !== null && startOver(asked, args)}
      />
      <StartWithDialog
        job={giving?.item.run.job ?? ""}
        title={giving?.item.run.job ?? ""}
        run={giving?.item.run ?? null}
        how={giving?.how ?? null}
        word="Start over"
        close={() => setGiving(null)}
        onStarted={(run) => {
          if (giving !== null) tell({ from: giving.item, run });
          void refresh(run);
        }}
      />
      <ResumeAllDialog
        items={resuming ?? []}
        open={resuming !== null}
        onOpenChange={(open) => setResuming(open ? resuming : null)}
      />
      {may("operator", null) && (
        <CleanUpBar
          ticked={tickedOf(items, ticks)}
          all={answer.nextCursor === null ? null : { ageHours: ageHours ?? 24, dead: answer.counts.dead }}
          blocked={blocked}
          busy={plan.isPending || plan.isSuccess}
          onPlanTicked={(ticked) => plan.mutate({ runs: ticked.map(({ run }) => run.id) })}
          onPlanAll={(hours) =>
            plan.mutate({ ageHours: hours, ...(isShortAge(hours) ? { allowShort: true } : {}) })
          }
        />
      )}
    </>
  );
}

type ResumeAllProps = {
  items: readonly StuckItemView[];
  onPress: (items: readonly StuckItemView[]) => void;
};

function ResumeAll({ items, onPress }: ResumeAllProps) {
  if (items.length < 2) return null;
  return (
    <Button size="sm" icon={<StepForward aria-hidden />} onClick={() => onPress(items)}>
      Resume all {items.length}…
    </Button>
  );
}

type CleanUpBarProps = {
  ticked: readonly StuckItemView[];
  /** Set when not every run is listed: then everything above the threshold can be planned for as well. */
  all: { readonly ageHours: number; readonly dead: number } | null;
  blocked: boolean;
  busy: boolean;
  onPlanTicked: (ticked: readonly StuckItemView[]) => void;
  onPlanAll: (ageHours: number) => void;
};

function CleanUpBar({ ticked, all, blocked, busy, onPlanTicked, onPlanAll }: CleanUpBarProps) {
  if (ticked.length === 0 && all === null) return null;
  return (
    <div className="sticky bottom-0 z-2 -mx-4 flex flex-wrap items-center justify-end gap-x-4 gap-y-2 border-t border-line bg-bg px-4 py-3 max-md:bottom-14 max-sm:py-2 md:-mx-8 md:px-8">
      <p className={cn("mr-auto text-xs text-muted", !blocked && "max-sm:hidden")}>
        {blocked
          ? "Allow the short threshold above to plan a clean-up."
          : "First a preview of each run; nothing is changed until it is applied."}
      </p>
      {all !== null && (
        <Button disabled={blocked || busy} onClick={() => onPlanAll(all.ageHours)}>
          Plan for all older than {all.ageHours} h…
        </Button>
      )}
      {ticked.length > 0 && (
        <Button
          look="main"
          icon={<Eraser aria-hidden />}
          busy={busy}
          disabled={blocked}
          onClick={() => onPlanTicked(ticked)}
          data-key="c"
        >
          Clean up {countInWords(ticked)}…
        </Button>
      )}
    </div>
  );
}

function NothingStuck({ ageHours }: { ageHours: number | null }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <Empty
        title={ageHours === null ? "Nothing is stuck" : `Nothing is stuck for longer than ${ageHours} h`}
      >
        Runs that were cut off by a crash, a reboot or a kill appear here with what can be done: resume the
        ones that left a checkpoint, clean up the ones that left nothing. A job that names a checkpoint file
        can be resumed where it stopped; without one a new run starts from the beginning.
      </Empty>
    </div>
  );
}
