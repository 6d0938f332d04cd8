import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { isApiProblem } from "@/lib/client/problem";

type ProblemNoticeProps = { error: unknown; title: ReactNode; actions?: ReactNode; className?: string };

/** A refusal or failure in full: what happened, why, what to do, and an id that finds it in the server's log. */
export function ProblemNotice({ error, title, actions, className = "" }: ProblemNoticeProps) {
  if (error === null || error === undefined) return null;
  return (
    <Notice tone="bad" title={title} actions={actions} className={className}>
      <p>{error instanceof Error ? error.message : "Something unexpected happened in this page."}</p>
      {isApiProblem(error) && <ProblemIds code={error.code} requestId={error.requestId} />}
    </Notice>
  );
}

function ProblemIds({ code, requestId }: { code: string; requestId: string | null }) {
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-3 text-xs text-muted">
      <code>{code}</code>
      {requestId !== null && (
        <span className="inline-flex items-center gap-1">
          request <code>{requestId}</code>
          <CopyButton text={requestId} label="Copy the request id" />
        </span>
      )}
    </p>
  );
}
