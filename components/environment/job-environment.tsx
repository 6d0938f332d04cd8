"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { jobEnvironmentQuery } from "@/lib/client/environment";
import { usePatchJob } from "@/lib/client/jobs";
import { useMay } from "@/lib/client/may";
import type { JobEnvironmentView } from "@/lib/contracts/environment";
import type { JobView } from "@/lib/contracts/job";
import type { EnvironmentSource } from "@/lib/domain/environment";
import { looksSecret } from "@/lib/domain/secret-names";

const FROM = {
  base: "base",
  inherited: "UNSTUCK_INHERIT",
  recorded: "recorded list",
  kind: "its kind",
  job: "this job",
  secret: "this job, secret",
  reference: "this job, read at each start",
  unstuck: "Unstuck",
} as const satisfies Record<EnvironmentSource, string>;

type Variable = JobEnvironmentView["variables"][number];

const HIDDEN = {
  secret: "secret",
  credentials: "not shown",
  each_run: "another one for each run",
} as const satisfies Record<NonNullable<Variable["hidden"]>, string>;

/** What a run started now would be given, and where each variable comes from. Asked for only when wanted. */
export function JobEnvironment({ job }: { job: JobView }) {
  const [wanted, setWanted] = useState(false);
  const { data, error } = useQuery({ ...jobEnvironmentQuery(job.id, job.version), enabled: wanted });
  return (
    <Panel
      title="Environment"
      aside={
        <Button look="quiet" size="sm" aria-expanded={wanted} onClick={() => setWanted(!wanted)}>
          {wanted ? "Hide" : "Show what a run gets"}
        </Button>
      }
      bare={!wanted}
    >
      {wanted && error !== null && <ProblemNotice error={error} title="It cannot be shown" />}
      {wanted && data !== undefined && (
        <Variables job={job} variables={data.variables} missing={data.missing} />
      )}
    </Panel>
  );
}

type VariablesProps = { job: JobView } & Pick<JobEnvironmentView, "variables" | "missing">;

function Variables({ job, variables, missing }: VariablesProps) {
  const edits = useMay().may("admin", null);
  return (
    <dl className="divide-y divide-line text-xs">
      {variables.map((variable) => (
        <div key={variable.name} className="px-4 py-2">
          <dt className="flex items-baseline justify-between gap-3">
            <code className="font-medium wrap-anywhere">{variable.name}</code>
            <span className="shrink-0 text-faint">{FROM[variable.from]}</span>
          </dt>
          <dd className="mt-0.5 text-muted">
            <Value {...variable} />
          </dd>
          {edits && variable.from === "job" && looksSecret(variable.name) && (
            <MakeSecret job={job} name={variable.name} />
          )}
        </div>
      ))}
      {missing.map(({ name }) => (
        <div key={name} className="px-4 py-2">
          <dt>
            <code className="wrap-anywhere">{name}</code>
          </dt>
          <dd className="mt-0.5 text-warn">
            is to be passed on, and is not set where the dashboard was started
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Its value stays as it is; from then on it is shown nowhere, neither here nor by the API. */
function MakeSecret({ job, name }: { job: JobView; name: string }) {
  const patch = usePatchJob(job.id);
  return (
    <div className="mt-1.5 flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <span className="text-warn">Shown to everyone who reads this job.</span>
        <Button
          size="sm"
          aria-label={`Make ${name} a secret`}
          busy={patch.isPending}
          onClick={() => patch.mutate({ version: job.version, envSecret: [name] })}
        >
          Make it a secret
        </Button>
      </div>
      <ProblemNotice error={patch.error} title="Nothing was changed" />
    </div>
  );
}

function Value({ value, hidden }: Variable) {
  if (hidden !== null) return <em>{HIDDEN[hidden]}</em>;
  if (value === "") return <em>empty</em>;
  return <code className="whitespace-pre-wrap wrap-anywhere">{value}</code>;
}
