"use client";

import { Download } from "lucide-react";
import { parseAsString, useQueryStates } from "nuqs";
import { AuditFilters } from "@/components/audit/audit-filters";
import { AuditList } from "@/components/audit/audit-list";
import { buttonStyle } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { type AuditFilter, auditFilter, type ExportFormat, exportHref } from "@/lib/client/audit";

const PARAMS = {
  actor: parseAsString,
  action: parseAsString,
  job: parseAsString,
  outcome: parseAsString,
  since: parseAsString,
  until: parseAsString,
};

export function AuditPageView() {
  const [params, setParams] = useQueryStates(PARAMS, { history: "push" });
  const filter = auditFilter(params);
  const showAll = () => void setParams(null);
  return (
    <>
      <PageHeader
        title="Audit"
        below="Who did what, when and why, and what was refused. Entries cannot be changed, and are kept for 400 days."
        actions={
          <>
            <Export filter={filter} format="csv" label="Export CSV" />
            <Export filter={filter} format="jsonl" label="Export JSON lines" />
          </>
        }
      />
      <AuditFilters filter={filter} change={(change) => void setParams(change)} showAll={showAll} />
      <AuditList key={JSON.stringify(filter)} filter={filter} showAll={showAll} />
    </>
  );
}

type ExportProps = { filter: AuditFilter; format: ExportFormat; label: string };

/** A plain link: what is downloaded may be larger than a page could hold. */
function Export({ filter, format, label }: ExportProps) {
  return (
    <a href={exportHref(filter, format)} download className={buttonStyle()}>
      <Download aria-hidden />
      {label}
    </a>
  );
}
