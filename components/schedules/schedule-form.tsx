"use client";

import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { ParameterInputs } from "@/components/parameters/parameter-inputs";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { DialogActions, DialogBody } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { isApiProblem } from "@/lib/client/problem";
import { isMore, type ScheduleField, saysMore } from "@/lib/client/schedule-draft";
import type { JobView } from "@/lib/contracts/job";
import type { ScheduleView } from "@/lib/contracts/schedule";
import { findParameter, namesOf } from "@/lib/domain/parameters";
import { MoreFields } from "./more-fields";
import { SchedulePreview } from "./schedule-preview";
import { type SaveSchedule, useScheduleForm } from "./use-schedule-form";
import { WhenFields } from "./when-fields";

type ScheduleFormProps = {
  job: JobView;
  /** null: a new one. */
  schedule: ScheduleView | null;
  save: SaveSchedule;
  action: { readonly isPending: boolean; readonly error: unknown; readonly reset: () => void };
  button: string;
  /** Heads the server's refusal. */
  refused: string;
  /** Left out where there is nothing to read again. */
  reload?: () => void;
  close: () => void;
  /** It would have been closed, and what was typed lost. */
  kept: boolean;
  onUnsaved: (unsaved: boolean) => void;
};

export function ScheduleForm(props: ScheduleFormProps) {
  const { job, schedule, action, button, refused, reload, close, kept } = props;
  const { form, draft, values, givable, preview, ...typed } = useScheduleForm(props);
  const { problems, parameterProblems, change, changeValues, submit, rest } = typed;
  const { parameters, secrets } = givable;
  const names = namesOf(parameters);
  const hasWrong =
    Object.keys(problems).some((name) => isMore(name as ScheduleField)) || parameterProblems.size > 0;
  const elsewhere = [...parameterProblems].filter(([name]) => !hasField(parameters, name));
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <DialogBody>
        <div className="grid items-start gap-4 md:grid-cols-[minmax(0,1fr)_17rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <WhenFields draft={draft} change={change} problems={problems} />
          </div>
          <SchedulePreview preview={preview} />
        </div>
        <Fold
          title="More"
          about="Title, days off, missed times, what happens while the job runs, what it is given."
          begins={saysMore(draft) || parameters.required.length > 0}
          hasWrong={hasWrong}
        >
          {names.length > 0 && (
            <ParameterInputs
              parameters={parameters}
              draft={values}
              onChange={changeValues}
              problems={parameterProblems}
            />
          )}
          {secrets.length > 0 && (
            <p className="text-xs text-muted">
              A schedule keeps no passwords, so it cannot give {secrets.join(", ")}: make that a secret
              variable of {job.title} instead.
            </p>
          )}
          <MoreFields draft={draft} change={change} problems={problems} />
        </Fold>
        {elsewhere.length > 0 && (
          <p role="alert" className="text-xs font-medium text-bad">
            {elsewhere.map(([name, message]) => `${name}: ${message}`).join(" ")}
          </p>
        )}
        <ProblemNotice
          error={rest}
          title={refused}
          actions={
            isStale(rest) && reload !== undefined && <Button onClick={reload}>Reload the schedule</Button>
          }
        />
        {kept && (
          <Notice title="What you have typed is not saved">
            <p>Press {schedule === null ? "Add schedule" : "Save"} to keep it, or Cancel to drop it.</p>
          </Notice>
        )}
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="main" busy={action.isPending}>
          {button}
        </Button>
      </DialogActions>
    </form>
  );
}

function isStale(error: unknown): boolean {
  return isApiProblem(error) && error.code === "STALE_VERSION";
}

/** A switch has no place for a problem of its own. */
function hasField(parameters: Parameters<typeof findParameter>[0], name: string): boolean {
  const parameter = findParameter(parameters, name);
  return parameter !== null && parameter.type !== "boolean";
}

type FoldProps = { title: string; about: string; begins: boolean; hasWrong: boolean; children: ReactNode };

/** One line until it is wanted. It cannot hide a field that is wrong. */
function Fold({ title, about, begins, hasWrong, children }: FoldProps) {
  const id = useId();
  const [wanted, setWanted] = useState(begins);
  const open = wanted || hasWrong;
  return (
    <section aria-label={title} className="border-t border-line">
      <h3 className="text-sm font-semibold">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={`${id}-fields`}
          onClick={() => setWanted(!open)}
          className="flex w-full flex-wrap items-baseline gap-x-2 rounded-md py-3 text-left outline-offset-[-2px] hover:text-accent"
        >
          <ChevronRight
            aria-hidden
            className={cn(
              "size-3.5 shrink-0 self-center text-faint transition-transform motion-reduce:transition-none",
              open && "rotate-90",
            )}
          />
          {title}
          <span className="text-xs font-normal text-muted max-sm:basis-full max-sm:pl-[22px]">{about}</span>
        </button>
      </h3>
      <div id={`${id}-fields`} hidden={!open} className={cn("min-w-0 gap-4 pb-2", open && "grid")}>
        {children}
      </div>
    </section>
  );
}
