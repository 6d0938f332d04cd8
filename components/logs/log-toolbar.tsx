"use client";

import { Copy, Download, Hash, WrapText } from "lucide-react";
import type { ReactNode } from "react";
import { Button, buttonStyle } from "@/components/ui/button";
import { logDownloadUrl } from "@/lib/client/logs";

type Switch = readonly [on: boolean, change: (on: boolean) => void];

type LogToolbarProps = {
  runId: string;
  wrap: Switch;
  numbered: Switch;
  numbersKnown: boolean;
  onCopy: () => void;
  children: ReactNode;
};

export function LogToolbar({ runId, wrap, numbered, numbersKnown, onCopy, children }: LogToolbarProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5 border-b border-line px-2 py-1.5">
      {children}
      <div className="ml-auto flex items-center gap-0.5">
        <Toggle of={wrap} label="Wrap long lines" icon={<WrapText aria-hidden />} />
        <Toggle
          of={numbered}
          label={
            numbersKnown
              ? "Line numbers"
              : "Byte offsets (line numbers are known once the start of the log is loaded)"
          }
          icon={<Hash aria-hidden />}
        />
        <Button
          size="icon"
          look="quiet"
          onClick={onCopy}
          aria-label={COPY}
          title={COPY}
          icon={<Copy aria-hidden />}
        />
        <a
          href={logDownloadUrl(runId)}
          download
          aria-label="Download the whole log"
          title="Download the whole log"
          className={buttonStyle({ size: "icon", look: "quiet" })}
        >
          <Download aria-hidden />
        </a>
      </div>
    </div>
  );
}

const COPY = "Copy the selection, or the lines on screen";

function Toggle({ of: [on, change], label, icon }: { of: Switch; label: string; icon: ReactNode }) {
  return (
    <Button
      size="icon"
      look="quiet"
      aria-pressed={on}
      aria-label={label}
      title={label}
      icon={icon}
      onClick={() => change(!on)}
      className="aria-pressed:bg-raised aria-pressed:text-accent"
    />
  );
}
