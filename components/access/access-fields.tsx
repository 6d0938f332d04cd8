"use client";

import { Plus } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Button } from "@/components/ui/button";
import { type AccessDraft, addRow, rolesToGrant, rowsThatCount } from "@/lib/client/access-draft";
import { ROLES, type Role } from "@/lib/domain/access";
import { NO_ROLE_ABOUT, NO_ROLE_LABEL, ROLE_ABOUT, ROLE_LABEL } from "./access-words";
import { GrantRowFields } from "./grant-row-fields";

/** What is wrong with it; empty where nothing is. */
export type AccessProblems = { readonly role: string | null; readonly rows: ReadonlyMap<number, string> };
export const NO_ACCESS_PROBLEMS: AccessProblems = { role: null, rows: new Map() };

type AccessFieldsProps = {
  draft: AccessDraft;
  onChange: (draft: AccessDraft) => void;
  problems: AccessProblems;
};

/** What a user or a token may do: a role for everything, and more for single jobs and tags. */
export function AccessFields({ draft, onChange, problems }: AccessFieldsProps) {
  return (
    <>
      <RoleField
        role={draft.role}
        onChange={(role) => onChange({ ...draft, role })}
        problem={problems.role}
      />
      {rolesToGrant(draft.role).length > 0 && (
        <Grants draft={draft} onChange={onChange} problems={problems.rows} />
      )}
    </>
  );
}

const CHOICES: readonly (Role | null)[] = [null, ...ROLES];

type RoleFieldProps = { role: Role | null; onChange: (role: Role | null) => void; problem: string | null };

function RoleField({ role, onChange, problem }: RoleFieldProps) {
  const id = useId();
  return (
    <fieldset aria-describedby={problem === null ? undefined : `${id}-problem`}>
      <legend className="mb-1 text-sm font-medium">May do</legend>
      <div className="divide-y divide-line overflow-hidden rounded-md border border-line">
        {CHOICES.map((choice) => (
          <RoleChoice
            key={String(choice)}
            name={id}
            label={choice === null ? NO_ROLE_LABEL : ROLE_LABEL[choice]}
            about={choice === null ? NO_ROLE_ABOUT : ROLE_ABOUT[choice]}
            checked={role === choice}
            choose={() => onChange(choice)}
          />
        ))}
      </div>
      {problem !== null && (
        <p id={`${id}-problem`} role="alert" className="mt-1 text-xs font-medium text-bad">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

type RoleChoiceProps = {
  name: string;
  label: ReactNode;
  about: string;
  checked: boolean;
  choose: () => void;
};

function RoleChoice({ name, label, about, checked, choose }: RoleChoiceProps) {
  const id = useId();
  return (
    <div className="relative flex gap-2.5 px-3 py-2 has-checked:bg-raised/60">
      <input
        type="radio"
        id={id}
        name={name}
        checked={checked}
        onChange={choose}
        aria-describedby={`${id}-about`}
        className="relative z-1 mt-0.5 size-4 shrink-0 accent-accent max-md:size-5"
      />
      <div>
        {/* The whole line is pressed. */}
        <label htmlFor={id} className="text-sm font-medium after:absolute after:inset-0">
          {label}
        </label>
        <p id={`${id}-about`} className="text-xs text-muted">
          {about}
        </p>
      </div>
    </div>
  );
}

type GrantsProps = {
  draft: AccessDraft;
  onChange: (draft: AccessDraft) => void;
  problems: ReadonlyMap<number, string>;
};

function Grants({ draft, onChange, problems }: GrantsProps) {
  const rows = rowsThatCount(draft);
  const extra = draft.role !== null;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">
        {extra ? "And for single jobs" : "Jobs"}
        {extra && <span className="ml-1.5 font-normal text-faint">optional</span>}
      </legend>
      {rows.map((row, at) => (
        <GrantRowFields
          key={row.id}
          row={row}
          label={`line ${at + 1}`}
          draft={draft}
          onChange={onChange}
          problem={problems.get(row.id)}
        />
      ))}
      <div>
        <Button size="sm" icon={<Plus aria-hidden />} onClick={() => onChange(addRow(draft))}>
          Add job or tag
        </Button>
      </div>
      <p className="text-xs text-faint">
        A tag covers every job that has it, also those that get it later. Changing jobs is for admins only.
      </p>
    </fieldset>
  );
}
