"use client";

import { HandHelping, Square } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTitles } from "@/components/jobs/use-titles";
import { StateBadge } from "@/components/runs/state-badge";
import { STATE_LABEL } from "@/components/runs/state-words";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { useMay } from "@/lib/client/may";
import type { StrayView } from "@/lib/client/strays";
import { AdoptDialog, StopStrayDialog } from "./stray-dialogs";

export function StrayRow({ stray }: { stray: StrayView }) {
  const titleOf = useTitles();
  const decides = useMay().may("operator", null);
  const [dialog, setDialog] = useState<"adopt" | "stop" | null>(null);
  const close = () => setDialog(null);
  const name = stray.job === null ? `process ${stray.pid}` : titleOf(stray.job);
  return (
    <li data-row={stray.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5">
          {stray.run === null ? (
            <span className="font-medium">{name}</span>
          ) : (
            <Link
              href={`/runs/${stray.run}`}
              data-row-link
              className="font-medium underline-offset-4 hover:underline"
            >
              {name}
            </Link>
          )}
          {stray.stopping === true && <StateBadge state="stopping" />}
          <span className="tabular text-xs text-muted">
            pid {stray.pid}
            {stray.processes > 1 && `, ${stray.processes} processes`}
            {stray.runState !== null && `, its run is ${STATE_LABEL[stray.runState].toLowerCase()}`}
          </span>
          <Ago at={stray.startedAt} className="text-xs text-faint" />
        </p>
        <p className="mt-0.5 text-sm wrap-anywhere text-muted">{stray.sentence}</p>
        <code className="mt-0.5 block text-xs wrap-anywhere text-faint">{stray.command}</code>
      </div>
      <div className="flex flex-wrap gap-1">
        {decides && stray.can.includes("stop") && (
          <Button
            size="sm"
            icon={<Square aria-hidden />}
            onClick={() => setDialog("stop")}
            aria-label={`Stop stray ${stray.pid}`}
            data-key="s"
          >
            Stop…
          </Button>
        )}
        {decides && stray.can.includes("adopt") && (
          <Button
            size="sm"
            look="main"
            icon={<HandHelping aria-hidden />}
            onClick={() => setDialog("adopt")}
            aria-label={`Adopt stray ${stray.pid}`}
          >
            Adopt…
          </Button>
        )}
      </div>
      <AdoptDialog stray={stray} name={name} open={dialog === "adopt"} onOpenChange={close} />
      <StopStrayDialog stray={stray} name={name} open={dialog === "stop"} onOpenChange={close} />
    </li>
  );
}
