"use client";

import { ArrowRight } from "lucide-react";
import { Exact } from "@/components/time/ago";
import { type FactRow, Facts } from "@/components/ui/facts";
import type { AuditView } from "@/lib/contracts/audit";
import { type DetailRow, detailRows } from "./detail-rows";
import { viaInWords } from "./entry-words";

/** Everything an entry says. */
export function EntryDetails({ entry }: { entry: AuditView }) {
  const { id, at, action, reason, job, run, viaId, address, outcome } = entry;
  const rows: (FactRow | null)[] = [
    { name: "Time", value: <Exact at={at} /> },
    outcome === "refused" ? { name: "Outcome", value: "Refused: nothing was changed" } : null,
    reason === null ? null : { name: "Reason", value: reason },
    job === null ? null : { name: "Job", value: <Code>{job}</Code> },
    run === null ? null : { name: "Run", value: <Code>{run}</Code> },
    ...detailRows(entry.details).map((row) => ({ name: row.name, value: <Detail row={row} /> })),
    { name: "By", value: <By entry={entry} id={viaId} /> },
    address === null ? null : { name: "Address", value: <Code>{address}</Code> },
    {
      name: "Entry",
      value: (
        <>
          <Code>{action}</Code> <span className="tabular text-muted">· number {id}</span>
        </>
      ),
    },
  ];
  return <Facts rows={rows.filter((row) => row !== null)} />;
}

function By({ entry, id }: { entry: AuditView; id: string | null }) {
  return (
    <>
      {viaInWords(entry).long}
      {id !== null && (
        <>
          {" "}
          · <Code>{id}</Code>
        </>
      )}
    </>
  );
}

function Detail({ row: { before, now } }: { row: DetailRow }) {
  if (before === null) return <span className="whitespace-pre-wrap">{now}</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <span className="text-muted">{before}</span>
      <ArrowRight role="img" aria-label="became" className="size-3.5 shrink-0 text-faint" />
      <span>{now}</span>
    </span>
  );
}

function Code({ children }: { children: string }) {
  return <code className="text-xs">{children}</code>;
}
