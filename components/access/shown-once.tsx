"use client";

import { useId } from "react";
import { CopyButton } from "@/components/ui/copy-button";

type ShownOnceProps = { label: string; value: string };

/** A secret that is known this once: to be copied, or selected with one press where there is no clipboard. */
export function ShownOnce({ label, value }: ShownOnceProps) {
  const id = useId();
  return (
    <div>
      <p id={id} className="mb-1 text-sm font-medium">
        {label}
      </p>
      <CopyBox value={value} copy={`Copy: ${label.toLowerCase()}`} describedBy={id} />
    </div>
  );
}

type CopyBoxProps = { value: string; copy: string; describedBy?: string };

export function CopyBox({ value, copy, describedBy }: CopyBoxProps) {
  return (
    <div className="flex items-start gap-2 rounded-md border border-line bg-raised py-1.5 pr-1.5 pl-3">
      <code
        aria-describedby={describedBy}
        className="min-w-0 flex-1 py-0.5 text-xs leading-5 whitespace-pre-wrap select-all wrap-anywhere"
      >
        {value}
      </code>
      <CopyButton text={value} label={copy} />
    </div>
  );
}
