"use client";

import { Button } from "@/components/ui/button";
import type { EnvText } from "@/lib/client/env-lines";
import { looksSecret } from "@/lib/domain/secret-names";

type EnvPasteProps = { pasted: EnvText; add: () => void; cancel: () => void };

/** What was read out of a pasted text, before it becomes rows. Values of what will be a secret are not shown. */
export function EnvPaste({ pasted: { env, notRead }, add, cancel }: EnvPasteProps) {
  const found = Object.entries(env);
  const count = found.length === 1 ? "1 variable" : `${found.length} variables`;
  return (
    <section
      aria-label="Pasted variables"
      className="flex flex-col gap-2 rounded-md border border-line bg-raised p-3"
    >
      <p className="text-sm">{count} found in the pasted text</p>
      <ul className="flex max-h-60 flex-col gap-1 overflow-y-auto font-mono text-xs">
        {found.map(([name, value]) => (
          <li key={name} className="wrap-anywhere whitespace-pre-wrap">
            <span className="font-semibold">{name}</span>={shown(name, value)}
          </li>
        ))}
      </ul>
      {notRead.length > 0 && (
        <p className="text-xs font-medium text-bad">
          Skipped, not NAME=value:{" "}
          <code className="wrap-anywhere">{notRead.slice(0, 3).join(" ⏎ ").slice(0, 200)}</code>
          {notRead.length > 3 && ` and ${notRead.length - 3} more`}
        </p>
      )}
      <div className="flex gap-2">
        <Button size="sm" look="main" onClick={add}>
          Add {count}
        </Button>
        <Button size="sm" onClick={cancel}>
          Discard
        </Button>
      </div>
    </section>
  );
}

function shown(name: string, value: string) {
  if (!looksSecret(name)) return value;
  return <span className="text-muted">secret, {value.length} characters</span>;
}
