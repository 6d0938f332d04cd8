"use client";

import { useQuery } from "@tanstack/react-query";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { TableSkeleton } from "@/components/ui/skeleton";
import { agentInWords } from "@/lib/client/agent-words";
import { sessionsQuery, useEndOtherSessions, useEndSession } from "@/lib/client/session";
import type { SessionView } from "@/lib/contracts/account";

/** Where you are signed in. */
export function SessionsPanel() {
  const { data, error } = useQuery(sessionsQuery());
  const end = useEndSession(() => toast("The session was ended"));
  const endOthers = useEndOtherSessions(() => toast("All other sessions were ended"));
  if (data === undefined)
    return error === null ? (
      <TableSkeleton rows={2} />
    ) : (
      <ProblemNotice error={error} title="Your sessions cannot be shown" />
    );
  const items = [...data.items].sort((a, b) => Number(b.current) - Number(a.current));
  return (
    <Panel
      title="Sessions"
      aside={
        items.length > 1 && (
          <Button size="sm" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            End all others
          </Button>
        )
      }
    >
      <ProblemNotice error={end.error ?? endOthers.error} title="It was not ended" className="m-3" />
      <ul aria-label="Sessions" className="divide-y divide-line">
        {items.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            busy={end.isPending && end.variables === session.id}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </ul>
    </Panel>
  );
}

type SessionRowProps = { session: SessionView; busy: boolean; onEnd: () => void };

function SessionRow({ session, busy, onEnd }: SessionRowProps) {
  const { current, createdAt, lastSeenAt, address, agent } = session;
  const browser = agentInWords(agent);
  return (
    <li className="flex min-h-14 items-center justify-between gap-4 px-4 py-2.5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <span className="font-medium" title={agent}>
            {browser}
          </span>
          {current && <span className="text-xs font-medium text-accent">this session</span>}
        </p>
        <p className="text-xs text-muted">
          {address !== "" && <span className="tabular">{address} · </span>}
          {current ? null : (
            <>
              seen <Ago at={lastSeenAt} /> ·{" "}
            </>
          )}
          signed in <Ago at={createdAt} />
        </p>
      </div>
      {!current && (
        <Button size="sm" busy={busy} onClick={onEnd} aria-label={`End the session of ${browser}`}>
          End
        </Button>
      )}
    </li>
  );
}
