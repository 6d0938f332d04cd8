"use client";

import { Ban, ChevronRight } from "lucide-react";
import Link from "next/link";
import { useId, useState } from "react";
import { useJobTitles } from "@/components/jobs/use-titles";
import { cn } from "@/components/ui/cn";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useHydrated } from "@/components/ui/use-hydrated";
import { formatStamp } from "@/lib/client/day";
import { formatExact } from "@/lib/client/elapsed";
import type { AuditView } from "@/lib/contracts/audit";
import { actionInWords } from "./action-words";
import { EntryDetails } from "./entry-details";
import { type Target, targetsOf, viaInWords } from "./entry-words";

/** The record, newest first: when, who, what was done to what, and by what it was asked. */
export function AuditTable({ entries }: { entries: readonly AuditView[] }) {
  const jobs = useJobTitles();
  const titles = new Map(jobs.map(({ job, title }) => [job, title]));
  return (
    <Table caption="Audit, newest first">
      <thead className="max-md:sr-only">
        <tr>
          <Th>Time</Th>
          <Th className="max-md:hidden">Who</Th>
          <Th>What</Th>
          <Th className="max-md:hidden">By</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <EntryRows key={entry.id} entry={entry} titleOf={(job) => titles.get(job) ?? null} />
        ))}
      </tbody>
    </Table>
  );
}

type EntryRowsProps = { entry: AuditView; titleOf: (job: string) => string | null };

function EntryRows({ entry, titleOf }: EntryRowsProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const via = viaInWords(entry);
  return (
    <>
      <Tr data-row={entry.id} className="first:max-md:border-t-0">
        <Td className="w-px align-baseline max-md:hidden">
          <Stamp at={entry.at} />
        </Td>
        <Td className="align-baseline font-medium wrap-anywhere max-md:hidden md:w-[13%]">{entry.actor}</Td>
        <Td className="align-baseline">
          <p className="mb-0.5 flex justify-between gap-3 text-xs text-muted md:hidden">
            <span className="min-w-0 font-medium text-fg wrap-anywhere">{entry.actor}</span>
            <Stamp at={entry.at} />
          </p>
          <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 pl-4">
            <button
              type="button"
              aria-expanded={open}
              aria-controls={open ? id : undefined}
              onClick={() => setOpen(!open)}
              data-row-link
              className="-ml-4 inline-flex items-baseline gap-1 text-left after:absolute after:inset-0"
            >
              <ChevronRight
                aria-hidden
                className={cn(
                  "size-3 shrink-0 self-center text-faint transition-transform motion-reduce:transition-none",
                  open && "rotate-90",
                )}
              />
              {actionInWords(entry.action)}
            </button>
            {entry.outcome === "refused" && <Refused />}
            {targetsOf(entry, titleOf).map((target) => (
              <TargetLink key={target.label} target={target} />
            ))}
          </div>
          {entry.reason !== null && (
            <p className="mt-0.5 pl-4 text-xs text-muted wrap-anywhere">{entry.reason}</p>
          )}
          <p className="mt-0.5 pl-4 text-xs text-muted md:hidden">
            {via.short}
            {entry.address !== null && ` · ${entry.address}`}
          </p>
        </Td>
        <Td className="align-baseline text-xs text-muted max-md:hidden md:w-[15%]" title={via.long}>
          <span className="whitespace-nowrap">{via.short}</span>
          {entry.address !== null && <span className="tabular wrap-anywhere"> · {entry.address}</span>}
        </Td>
      </Tr>
      {open && (
        <tr id={id}>
          <td colSpan={4} className="px-4 pb-3">
            <div className="rounded-md border border-line bg-bg">
              <EntryDetails entry={entry} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

function Stamp({ at }: { at: string }) {
  const local = useHydrated();
  return (
    <time
      dateTime={at}
      title={formatExact(at, local)}
      className="tabular text-xs whitespace-nowrap text-muted md:relative md:z-1"
    >
      {formatStamp(at, local)}
    </time>
  );
}

function Refused() {
  return (
    <span
      data-outcome="refused"
      className="inline-flex h-5 items-center gap-1 rounded-sm bg-bad/10 px-1.5 text-xs font-semibold whitespace-nowrap text-bad"
    >
      <Ban aria-hidden className="size-3 shrink-0" />
      Refused
    </span>
  );
}

function TargetLink({ target: { label, href } }: { target: Target }) {
  if (href === null) return <span className="min-w-0 text-muted wrap-anywhere">{label}</span>;
  return (
    <Link href={href} className="relative z-1 min-w-0 underline-offset-4 wrap-anywhere hover:underline">
      {label}
    </Link>
  );
}
