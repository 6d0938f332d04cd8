"use client";

import { useQuery } from "@tanstack/react-query";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Panel } from "@/components/ui/panel";
import { isApiProblem } from "@/lib/client/problem";
import { straysQuery } from "@/lib/client/strays";
import { PidFiles } from "./pid-files";
import { StrayRow } from "./stray-row";

/** What runs without a run that owns it. Nothing at all when there is nothing of the kind. */
export function Strays() {
  const { data, error } = useQuery(straysQuery());
  if (data === undefined) {
    const quiet = error === null || (isApiProblem(error) && error.code === "UNREACHABLE");
    return quiet ? null : <ProblemNotice error={error} title="Strays cannot be shown" />;
  }
  if (data.items.length === 0) return null;
  return (
    <Panel
      title={
        <>
          Strays <span className="tabular font-normal text-faint">{data.items.length}</span>
        </>
      }
      aside="alive, started here, owned by no active run"
    >
      <ul aria-label="Strays" className="divide-y divide-line">
        {data.items.map((stray) => (
          <StrayRow key={stray.id} stray={stray} />
        ))}
      </ul>
    </Panel>
  );
}

export function StalePidFiles() {
  const { data } = useQuery(straysQuery());
  return data === undefined ? null : <PidFiles files={data.pidFiles} />;
}
