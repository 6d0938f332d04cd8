"use client";

import Link from "next/link";
import { useState } from "react";
import { useTitles } from "@/components/jobs/use-titles";
import { StateBadge } from "@/components/runs/state-badge";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useMay } from "@/lib/client/may";
import type { LockView, WaitingRunView } from "@/lib/contracts/lock";
import { ReleaseDialog } from "./release-dialog";

type LockTableProps = { locks: readonly LockView[]; caption: string };

/** One lock a row: who has it, and below each other who waits, the next one first. */
export function LockTable({ locks, caption }: LockTableProps) {
  const releases = useMay().may("operator", null);
  return (
    <Table caption={caption}>
      <thead className="max-sm:sr-only">
        <tr>
          <Th className="max-sm:hidden">Lock</Th>
          <Th>Held by</Th>
          <Th className="max-sm:hidden">Waiting</Th>
          <Th className="text-right max-lg:hidden">Fence</Th>
          {releases && (
            <Th>
              <span className="sr-only">Action</span>
            </Th>
          )}
        </tr>
      </thead>
      <tbody>
        {locks.map((lock) => (
          <LockRow key={lock.name} lock={lock} releases={releases} />
        ))}
      </tbody>
    </Table>
  );
}

function LockRow({ lock, releases }: { lock: LockView; releases: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <Tr data-row={lock.name}>
      <Td className="align-top wrap-anywhere max-sm:hidden sm:w-[24%]">
        <Name name={lock.name} />
      </Td>
      <Td className="align-top wrap-anywhere sm:w-[30%]">
        <p className="mb-1 sm:hidden">
          <Name name={lock.name} />
        </p>
        <Holder lock={lock} />
        <div className="mt-2 sm:hidden">
          <Line lock={lock} />
        </div>
      </Td>
      <Td className="align-top wrap-anywhere max-sm:hidden">
        <Line lock={lock} />
      </Td>
      <Td className="tabular w-px text-right align-top text-muted max-lg:hidden">{lock.fence}</Td>
      {releases && (
        <Td className="w-px text-right align-top">
          {lock.holder !== null && (
            <>
              <Button size="sm" onClick={() => setOpen(true)} aria-label={`Release ${lock.name}`}>
                Release…
              </Button>
              <ReleaseDialog lock={lock} open={open} onOpenChange={setOpen} />
            </>
          )}
        </Td>
      )}
    </Tr>
  );
}

function Name({ name }: { name: string }) {
  return <code className="text-xs font-medium">{name}</code>;
}

function Holder({ lock: { holder, acquiredAt } }: { lock: LockView }) {
  const titleOf = useTitles();
  if (holder === null) return <span className="text-muted">free: kept for the next in line</span>;
  return (
    <>
      <Link
        href={`/runs/${holder.run}`}
        data-row-link
        className="font-medium underline-offset-4 hover:underline"
      >
        {titleOf(holder.job)}
      </Link>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-muted">
        <StateBadge state={holder.state} />
        {holder.pid !== null && <span className="tabular">pid {holder.pid}</span>}
        <span>
          since <Ago at={acquiredAt} />
        </span>
      </p>
    </>
  );
}

function Line({ lock: { name, waiting, waitingCount } }: { lock: LockView }) {
  if (waitingCount === 0) return <span className="text-faint max-sm:hidden">none</span>;
  return (
    <>
      <ol aria-label={`Waiting for ${name}`} className="flex flex-col gap-0.5">
        {waiting.map((run, index) => (
          <WaitingRun key={run.run} run={run} place={index + 1} />
        ))}
      </ol>
      {waitingCount > waiting.length && (
        <p className="text-xs text-muted">and {waitingCount - waiting.length} more</p>
      )}
    </>
  );
}

function WaitingRun({ run, place }: { run: WaitingRunView; place: number }) {
  const titleOf = useTitles();
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 text-sm">
      <span className="tabular text-xs text-faint">{place}.</span>
      <Link
        href={`/runs/${run.run}`}
        title={run.waitingFor ?? undefined}
        className="underline-offset-4 hover:underline"
      >
        {titleOf(run.job)}
      </Link>
      {run.priority !== 0 && <span className="text-xs text-muted">priority {run.priority}</span>}
      <Ago at={run.queuedAt} className="text-xs text-muted" />
    </li>
  );
}
