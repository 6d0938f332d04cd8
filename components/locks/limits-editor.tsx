"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Panel } from "@/components/ui/panel";
import { TableSkeleton } from "@/components/ui/skeleton";
import { limitsQuery, useRemoveLimit, useSetLimit } from "@/lib/client/locks";
import { useMay } from "@/lib/client/may";
import type { LimitView } from "@/lib/contracts/limit";
import { WORKER_LIMIT } from "@/lib/domain/queue";
import { AddTagLimit } from "./add-tag-limit";

const NO_WORKER_LIMIT = { name: WORKER_LIMIT, maxRuns: null, active: 0, waitingCount: 0 };
type Shown = Pick<LimitView, "name" | "active" | "waitingCount"> & { readonly maxRuns: number | null };

/** How many runs may be active at once, on this host and for each tag. Admins can change that. */
export function LimitsEditor() {
  const { data, error } = useQuery(limitsQuery());
  const edits = useMay().may("admin", null);
  if (data === undefined) {
    return error === null ? (
      <TableSkeleton rows={2} />
    ) : (
      <ProblemNotice error={error} title="The limits cannot be shown" />
    );
  }
  const hasWorker = data.items.some(({ name }) => name === WORKER_LIMIT);
  const shown: Shown[] = hasWorker ? data.items : [NO_WORKER_LIMIT, ...data.items];
  return (
    <Panel title="Concurrency limits">
      <ul className="divide-y divide-line">
        {shown.map((limit) =>
          edits ? (
            <LimitRow key={`${limit.name} ${limit.maxRuns}`} limit={limit} />
          ) : (
            <LimitFact key={limit.name} limit={limit} />
          ),
        )}
      </ul>
      {edits && <AddTagLimit />}
      <p className="border-t border-line px-4 py-3 text-xs text-muted">
        Lowering a limit never stops a run; raising it starts waiting runs immediately. A single job is always
        limited to one run.
      </p>
    </Panel>
  );
}

function LimitFact({ limit }: { limit: Shown }) {
  return (
    <li data-limit={limit.name} className="flex flex-wrap items-baseline gap-x-4 px-4 py-1.5">
      <span className="w-32 text-sm font-medium wrap-anywhere">{labelOf(limit)}</span>
      <Usage limit={limit} />
    </li>
  );
}

function labelOf({ name }: Shown): string {
  return name === WORKER_LIMIT ? "This host" : `Tag ${name.slice("tag:".length)}`;
}

/** Keyed by its saved value, so that a change made elsewhere shows, and typing is not disturbed by polling. */
function LimitRow({ limit }: { limit: Shown }) {
  const [text, setText] = useState(limit.maxRuns === null ? "" : String(limit.maxRuns));
  const save = useSetLimit(() => undefined);
  const remove = useRemoveLimit();
  const label = labelOf(limit);
  const valid = /^[1-9]\d{0,4}$/.test(text.trim());
  return (
    <li data-limit={limit.name} className="px-4 py-3">
      <form
        className="flex flex-wrap items-end gap-x-3 gap-y-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) save.mutate({ name: limit.name, maxRuns: Number(text) });
        }}
      >
        <Field label={label} className="w-32">
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              placeholder="no limit"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Button
          type="submit"
          busy={save.isPending}
          disabled={!valid || Number(text) === limit.maxRuns}
          aria-label={`Save the limit for ${label}`}
        >
          Save
        </Button>
        {limit.maxRuns !== null && (
          <Button
            look="quiet"
            busy={remove.isPending}
            onClick={() => remove.mutate(limit.name)}
            aria-label={`Remove the limit for ${label}`}
          >
            Remove
          </Button>
        )}
        <Usage limit={limit} />
      </form>
      <ProblemNotice error={save.error ?? remove.error} title="The limit was not changed" className="mt-3" />
    </li>
  );
}

function Usage({ limit: { maxRuns, active, waitingCount } }: { limit: Shown }) {
  if (maxRuns === null) return <p className="py-1.5 text-sm text-muted">unlimited</p>;
  const above = active > maxRuns ? ": more than may start now" : "";
  const line = waitingCount === 0 ? "none waiting" : waitingCount === 1 ? "1 waits" : `${waitingCount} wait`;
  return (
    <p className="tabular py-1.5 text-sm text-muted">
      {active} of {maxRuns} active{above} · {line}
    </p>
  );
}
