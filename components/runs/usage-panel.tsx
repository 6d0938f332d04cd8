"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Panel } from "@/components/ui/panel";
import { useHydrated } from "@/components/ui/use-hydrated";
import { formatBytes } from "@/lib/client/elapsed";
import { isUnreachable } from "@/lib/client/problem";
import { runUsageQuery } from "@/lib/client/runs";
import { formatSizeText } from "@/lib/client/size-text";
import type { RunView, UsageView } from "@/lib/contracts/run";
import { isActive } from "@/lib/domain/run";
import { UsageChart } from "./usage-chart";

const DAY_MS = 86_400_000;

/** What the run and everything it started uses of the machine. */
export function UsagePanel({ run }: { run: RunView }) {
  const active = isActive(run.state);
  const { data, error } = useQuery(runUsageQuery(run.id, active));
  if (error !== null && !isUnreachable(error) && data === undefined)
    return <ProblemNotice error={error} title="Its resource use cannot be shown" />;
  if (data === undefined || run.startedAt === null) return null;
  const processes = data.points.at(-1)?.processes ?? 0;
  const aside =
    active && processes > 0 ? `${processes} ${processes === 1 ? "process" : "processes"}` : undefined;
  return (
    <Panel title="Resources" aside={aside}>
      {data.points.length < 2 ? (
        <p className="px-4 py-3 text-sm text-muted">
          {active ? "Sampled every 5 seconds. The first data comes shortly." : "Too short to chart."}
        </p>
      ) : (
        <Charts usage={data} active={active} />
      )}
      {data.memoryLimit !== null && (
        <p className="border-t border-line px-4 py-2 text-xs text-muted">
          Memory limit {formatSizeText(data.memoryLimit.bytes)}. {data.memoryLimit.why}
        </p>
      )}
    </Panel>
  );
}

function Charts({ usage: { points, memoryLimit }, active }: { usage: UsageView; active: boolean }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const local = useHydrated();
  const spanMs = Date.parse(points.at(-1)?.at ?? "") - Date.parse(points[0]?.at ?? "");
  const of = (value: (point: UsageView["points"][number]) => number) =>
    points.map((point) => ({ at: Date.parse(point.at), value: value(point) }));
  const shared = {
    chosen,
    onChoose: setChosen,
    newest: active ? "now" : "at its end",
    formatTime: (at: number) => formatMoment(at, local, spanMs > DAY_MS),
  };
  return (
    <div className="grid gap-x-8 gap-y-5 px-4 py-3 md:grid-cols-2">
      <UsageChart
        {...shared}
        name="CPU (1 core = 100 %)"
        points={of(({ cpuPercent }) => cpuPercent)}
        format={formatPercent}
        limit={null}
        calm={10}
        className="text-active"
      />
      <UsageChart
        {...shared}
        name="Memory"
        points={of(({ memoryBytes }) => memoryBytes)}
        format={(bytes) => formatBytes(Math.round(bytes))}
        // A limit for each process is no line that the sum of all would stop at.
        calm={0}
        limit={memoryLimit?.by === "cgroup" ? memoryLimit.bytes : null}
        className="text-accent"
      />
    </div>
  );
}

/** The reader's own time zone is not known while the server renders. */
function formatMoment(at: number, local: boolean, withDate: boolean): string {
  const moment = new Date(at);
  if (!local) return moment.toISOString().slice(11, 19);
  return withDate
    ? moment.toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" })
    : moment.toLocaleTimeString(undefined, { timeStyle: "medium" });
}

function formatPercent(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}
