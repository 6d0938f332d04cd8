"use client";

import { ParameterInputs, saysProblem } from "@/components/parameters/parameter-inputs";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { DialogActions, DialogBody } from "@/components/ui/dialog";
import { Fold } from "@/components/ui/fold";
import { Notice } from "@/components/ui/notice";
import { isApiProblem } from "@/lib/client/problem";
import { isMore, type ScheduleField, saysMore } from "@/lib/client/schedule-draft";
import type { JobView } from "@/lib/contracts/job";
import type { ScheduleView } from "@/lib/contracts/schedule";
import { namesOf } from "@/lib/domain/parameters";
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
  const elsewhere = [...parameterProblems].filter(([name]) => !saysProblem(parameters, name));
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
          level={3}
          about="Title, days off, missed times, what happens while the job runs, what it is given."
          begins={saysMore(draft) || parameters.required.length > 0}
          hasWrong={hasWrong}
          className="pb-2"
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
          <Notice title="You have unsaved changes">
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
