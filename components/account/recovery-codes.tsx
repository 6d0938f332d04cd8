"use client";

import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";

type RecoveryCodesProps = { name: string; codes: readonly string[]; done: () => void };

/** Shown this once: the server keeps only what it needs to recognise them. */
export function RecoveryCodesOnce({ name, codes, done }: RecoveryCodesProps) {
  const text = codes.join("\n");
  return (
    <div className="flex flex-col gap-4 px-4 py-4">
      <Notice title="The second factor is on. Keep these recovery codes">
        Each signs you in once, without your phone. They are not shown again.
      </Notice>
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-x-6 gap-y-1.5 rounded-md bg-raised px-4 py-3"
      >
        {codes.map((code) => (
          <li key={code}>
            <code className="text-sm">{code}</code>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2">
        <Button look="main" onClick={done}>
          I have kept them
        </Button>
        <Button icon={<Download aria-hidden />} onClick={() => saveAsFile(name, text)}>
          Download
        </Button>
        <CopyButton text={text} label="Copy all recovery codes" />
      </div>
    </div>
  );
}

function saveAsFile(name: string, codes: string): void {
  const words = `Recovery codes of ${name} for Unstuck at ${window.location.host}\nEach signs you in once.\n\n${codes}\n`;
  const url = URL.createObjectURL(new Blob([words], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `unstuck-recovery-codes-${name}.txt`;
  link.click();
  URL.revokeObjectURL(url);
}
