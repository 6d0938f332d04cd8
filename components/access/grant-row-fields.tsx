"use client";

import { X } from "lucide-react";
import { useId } from "react";
import { useJobTitles } from "@/components/jobs/use-titles";
import { Button } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/field";
import {
  type AccessDraft,
  changeRow,
  type GrantRow,
  removeRow,
  rolesToGrant,
  TARGET_KINDS,
  type TargetKind,
} from "@/lib/client/access-draft";
import { GRANT_DOES } from "./access-words";

type GrantRowFieldsProps = {
  row: GrantRow;
  /** Tells this line from the others, for who does not see them. */
  label: string;
  draft: AccessDraft;
  onChange: (draft: AccessDraft) => void;
  problem: string | undefined;
};

const KIND = { job: "the job", tag: "jobs tagged" } as const satisfies Record<TargetKind, string>;

/** `Starts and stops | jobs tagged | shop`. */
export function GrantRowFields({ row, label, draft, onChange, problem }: GrantRowFieldsProps) {
  const id = useId();
  const roles = rolesToGrant(draft.role);
  const change = (to: Partial<Omit<GrantRow, "id">>) => onChange(changeRow(draft, row.id, to));
  const name = {
    row,
    change: (text: string) => change({ name: text }),
    label: `${row.kind === "job" ? "Job" : "Tag"} of ${label}`,
    problem: problem === undefined ? undefined : `${id}-problem`,
  };
  return (
    <div>
      <div className="grid grid-cols-[8.5rem_7rem_minmax(0,1fr)_auto] items-center gap-2 max-sm:grid-cols-[minmax(0,1fr)_7rem_auto]">
        <Select
          aria-label={`What is allowed in ${label}`}
          value={row.role}
          disabled={roles.length === 1}
          onChange={(event) => change({ role: roles.find((one) => one === event.target.value) ?? row.role })}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {GRANT_DOES[role]}
            </option>
          ))}
        </Select>
        <Select
          aria-label={`Job or tag in ${label}`}
          value={row.kind}
          onChange={(event) => change({ kind: event.target.value === "tag" ? "tag" : "job", name: "" })}
        >
          {TARGET_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {KIND[kind]}
            </option>
          ))}
        </Select>
        {row.kind === "job" ? <JobName {...name} /> : <TagName {...name} />}
        <Button
          look="quiet"
          size="icon"
          aria-label={`Remove ${label}`}
          onClick={() => onChange(removeRow(draft, row.id))}
          className="max-sm:order-3"
        >
          <X aria-hidden />
        </Button>
      </div>
      {problem !== undefined && (
        <p id={`${id}-problem`} role="alert" className="mt-1 text-xs font-medium text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

type NameProps = {
  row: GrantRow;
  change: (name: string) => void;
  label: string;
  problem: string | undefined;
};

const NAME_STYLE = "max-sm:order-4 max-sm:col-span-3";

function JobName({ row: { name }, change, label, problem }: NameProps) {
  const jobs = useJobTitles();
  return (
    <Select
      aria-label={label}
      aria-invalid={problem === undefined ? undefined : true}
      aria-describedby={problem}
      value={name}
      onChange={(event) => change(event.target.value)}
      className={NAME_STYLE}
    >
      <option value="">Choose a job…</option>
      {jobs.map(({ job, title }) => (
        <option key={job} value={job}>
          {title === job ? job : `${title} (${job})`}
        </option>
      ))}
      {/* It may be gone, and is kept until a person takes it away. */}
      {name !== "" && jobs.every(({ job }) => job !== name) && <option value={name}>{name}</option>}
    </Select>
  );
}

/** Any tag may be typed: jobs may get it later. Those that there are are offered. */
function TagName({ row: { name }, change, label, problem }: NameProps) {
  const id = useId();
  const tags = [...new Set(useJobTitles().flatMap((job) => job.tags ?? []))].sort();
  return (
    <>
      <Input
        aria-label={label}
        aria-invalid={problem === undefined ? undefined : true}
        aria-describedby={problem}
        list={id}
        placeholder="retail"
        value={name}
        maxLength={63}
        onChange={(event) => change(event.target.value)}
        className={NAME_STYLE}
      />
      <datalist id={id}>
        {tags.map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
    </>
  );
}
