"use client";

import { useQuery } from "@tanstack/react-query";
import { useJobTitles } from "@/components/jobs/use-titles";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { AuditFilter, AuditFilterName } from "@/lib/client/audit";
import { dayOf, endOfDay, lastDayBefore, startOfDay } from "@/lib/client/day";
import { tokensQuery } from "@/lib/client/tokens";
import { usersQuery } from "@/lib/client/users";
import { ACTION_GROUPS, actionInWords } from "./action-words";
import { ActorField } from "./actor-field";
import { DayField } from "./day-field";

/** What is to become of one part of the filter; null: it goes. */
export type ChangeFilter = (change: { readonly [Name in AuditFilterName]?: string | null }) => void;

type FiltersProps = { filter: AuditFilter; change: ChangeFilter; showAll: () => void };

export function AuditFilters({ filter, change, showAll }: FiltersProps) {
  const local = useHydrated();
  const { since, until } = filter;
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      <Who actor={filter.actor ?? ""} change={change} />
      <What action={filter.action ?? ""} change={change} />
      <Job job={filter.job ?? ""} change={change} />
      <Select
        aria-label="Outcome"
        value={filter.outcome ?? ""}
        onChange={(event) => change({ outcome: event.target.value === "" ? null : event.target.value })}
        className="w-30 max-sm:w-[calc(50%-0.25rem)]"
      >
        <option value="">Any outcome</option>
        <option value="done">Done</option>
        <option value="refused">Refused</option>
      </Select>
      {/* A day is a day of the reader's time zone, which only the browser knows. */}
      <div className="flex items-center gap-2 max-sm:contents">
        <DayField
          label="From"
          day={since === undefined || !local ? "" : dayOf(since)}
          onChange={(day) => change({ since: day === null ? null : startOfDay(day) })}
        />
        <DayField
          label="To"
          day={until === undefined || !local ? "" : lastDayBefore(until)}
          onChange={(day) => change({ until: day === null ? null : endOfDay(day) })}
        />
      </div>
      {Object.keys(filter).length > 0 && (
        <Button look="quiet" onClick={showAll}>
          Show all
        </Button>
      )}
    </search>
  );
}

/** Besides users and tokens: the host's owner, Unstuck itself, and everyone from before there were accounts. */
const ALWAYS = ["owner", "system", "operator"];

function Who({ actor, change }: { actor: string; change: ChangeFilter }) {
  const { data: users } = useQuery(usersQuery());
  const { data: tokens } = useQuery(tokensQuery());
  const names = [...(users?.items ?? []), ...(tokens?.items ?? [])].map(({ name }) => name);
  return (
    <ActorField
      actor={actor}
      known={[...new Set([...names, ...ALWAYS])]}
      onChange={(next) => change({ actor: next })}
    />
  );
}

function What({ action, change }: { action: string; change: ChangeFilter }) {
  const offered = ACTION_GROUPS.some(({ groups }) => groups.some(({ value }) => value === action));
  return (
    <Select
      aria-label="What was done"
      value={action}
      onChange={(event) => change({ action: event.target.value === "" ? null : event.target.value })}
      className="w-38 max-sm:w-[calc(50%-0.25rem)]"
    >
      <option value="">Every action</option>
      {!offered && action !== "" && <option value={action}>{actionInWords(action)}</option>}
      {ACTION_GROUPS.map(({ title, groups }) => (
        <optgroup key={title} label={title}>
          {groups.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </optgroup>
      ))}
    </Select>
  );
}

function Job({ job, change }: { job: string; change: ChangeFilter }) {
  const jobs = useJobTitles();
  return (
    <Select
      aria-label="Job"
      value={job}
      onChange={(event) => change({ job: event.target.value === "" ? null : event.target.value })}
      className="w-38 max-sm:w-[calc(50%-0.25rem)]"
    >
      <option value="">All jobs</option>
      {jobs.map((one) => (
        <option key={one.job} value={one.job}>
          {one.title}
        </option>
      ))}
      {job !== "" && jobs.every((one) => one.job !== job) && <option value={job}>{job}</option>}
    </Select>
  );
}
