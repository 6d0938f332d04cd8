"use client";

import { useId } from "react";
import { useJobTitles } from "@/components/jobs/use-titles";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { STATE_FILTERS } from "@/lib/client/run-filter";
import type { RunFilter } from "@/lib/client/runs";

type RunFiltersProps = { filter: RunFilter; onChange: (filter: RunFilter) => void };

export function RunFilters({ filter, onChange }: RunFiltersProps) {
  const id = useId();
  const jobs = useJobTitles();
  const state = filter.state ?? "";
  const isOffered = STATE_FILTERS.some(({ value }) => value === state);
  const change = (next: { job?: string; state?: string }) => {
    const { job = filter.job ?? "", state: chosen = state } = next;
    const alike = filter.fingerprint === undefined ? {} : { fingerprint: filter.fingerprint };
    onChange({ ...alike, ...(job === "" ? {} : { job }), ...(chosen === "" ? {} : { state: chosen }) });
  };
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <label htmlFor={`${id}-state`} className="sr-only">
        State
      </label>
      <Select
        id={`${id}-state`}
        data-search
        value={state}
        onChange={(event) => change({ state: event.target.value })}
        className="w-40 max-sm:w-0 max-sm:min-w-0 max-sm:flex-1"
      >
        {STATE_FILTERS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {!isOffered && <option value={state}>{state.replaceAll(",", ", ")}</option>}
      </Select>
      <label htmlFor={`${id}-job`} className="sr-only">
        Job
      </label>
      <Select
        id={`${id}-job`}
        value={filter.job ?? ""}
        onChange={(event) => change({ job: event.target.value })}
        className="w-56 max-sm:w-0 max-sm:min-w-0 max-sm:flex-1"
      >
        <option value="">All jobs</option>
        {jobs.map(({ job, title }) => (
          <option key={job} value={job}>
            {title}
          </option>
        ))}
        {filter.job !== undefined && jobs.every(({ job }) => job !== filter.job) && (
          <option value={filter.job}>{filter.job}</option>
        )}
      </Select>
      {filter.fingerprint !== undefined && (
        <span className="min-w-0 text-xs text-muted wrap-anywhere">
          last words <code>{filter.fingerprint}</code>
        </span>
      )}
      {Object.keys(filter).length > 0 && (
        <Button look="quiet" onClick={() => onChange({})}>
          Show all
        </Button>
      )}
    </div>
  );
}
