"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { useFocusOnWrong } from "@/components/ui/use-focus-on-wrong";
import { jobQuery, useStartJob } from "@/lib/client/jobs";
import { draftOf, issueAtField, readDraft } from "@/lib/client/parameter-draft";
import { type FieldIssue, fieldIssues, isApiProblem } from "@/lib/client/problem";
import type { StartBody } from "@/lib/contracts/actions";
import type { RunView } from "@/lib/contracts/run";
import { type JobParameters, namesOf } from "@/lib/domain/parameters";
import { ParameterInputs, saysProblem } from "./parameter-inputs";

type StartWithDialogProps = {
  job: string;
  title: string;
  /** The newest run: the form begins with what that was given. */
  run: RunView | null;
  /** How it is to start; null: closed. */
  how: Pick<StartBody, "mode" | "args"> | null;
  /** What the button says: Start, Start over. */
  word: string;
  close: () => void;
  onStarted: (run: RunView) => void;
};

/** Asks for the parameters of a start, filled in with those of the run before. */
export function StartWithDialog({ how, ...rest }: StartWithDialogProps) {
  const { title, run, word, close } = rest;
  return (
    <Dialog
      open={how !== null}
      onOpenChange={(open) => open || close()}
      title={`${word}: ${title}`}
      description={
        run?.parameters == null
          ? "What this run is to be given."
          : "What to give this run. Filled in with the last run’s values, except secrets."
      }
    >
      {how !== null && <Loaded how={how} {...rest} />}
    </Dialog>
  );
}

type InsideProps = Omit<StartWithDialogProps, "how"> & { how: NonNullable<StartWithDialogProps["how"]> };

function Loaded(props: InsideProps) {
  const { data, error } = useQuery(jobQuery(props.job));
  if (data === undefined)
    return (
      <>
        <DialogBody>
          {error === null ? (
            <Skeleton className="h-24" />
          ) : (
            <ProblemNotice error={error} title="Its parameters could not be loaded" />
          )}
        </DialogBody>
        <DialogActions>
          <Button onClick={props.close}>Cancel</Button>
        </DialogActions>
      </>
    );
  // As it was when the dialog opened: a field must not change while it is typed into.
  return <StartForm {...props} declared={data.parameters} />;
}

const NONE: JobParameters = { type: "object", properties: {}, required: [] };

function StartForm({
  job,
  run,
  how,
  word,
  close,
  onStarted,
  declared,
}: InsideProps & { declared: JobParameters | null }) {
  const [parameters] = useState(declared ?? NONE);
  const [draft, setDraft] = useState(() => draftOf(parameters, run));
  const [issues, setIssues] = useState<readonly FieldIssue[]>([]);
  const start = useStartJob(job, {
    onDone: (begun) => {
      close();
      onStarted(begun);
    },
    onRefused: (error) => refuse(isApiProblem(error) ? fieldIssues(error) : []),
  });
  const [refusals, setRefusals] = useState(0);
  const form = useFocusOnWrong(refusals);
  const refuse = (found: readonly FieldIssue[]) => {
    setIssues(found);
    setRefusals((count) => count + 1);
  };
  const submit = () => {
    const reading = readDraft(parameters, draft);
    start.reset();
    if (!reading.ok) return refuse(reading.issues);
    setIssues([]);
    return start.mutate({ ...how, parameters: reading.values });
  };
  const told = new Map(issues.map(({ path, message }) => [path, issueAtField(message)]));
  const elsewhere = issues.filter(({ path }) => !saysProblem(parameters, path));
  const allAtFields = issues.length > 0 && elsewhere.length === 0;
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
        {namesOf(parameters).length === 0 && (
          <p className="text-sm text-muted">It takes no parameters any more.</p>
        )}
        <ParameterInputs
          parameters={parameters}
          draft={draft}
          onChange={(next) => {
            setDraft(next);
            setIssues(issues.filter(({ path }) => next[path] === draft[path]));
          }}
          problems={told}
        />
        {start.error === null && elsewhere.length > 0 && (
          <p role="alert" className="text-xs font-medium text-bad">
            {elsewhere.map(({ message }) => issueAtField(message)).join(" ")}
          </p>
        )}
        {!allAtFields && <ProblemNotice error={start.error} title="It was not started" />}
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="main" busy={start.isPending}>
          {word}
        </Button>
      </DialogActions>
    </form>
  );
}
