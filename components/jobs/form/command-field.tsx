"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { parseCommandLine, type ShellFeature } from "@/lib/client/command-line";
import type { JobFormValues } from "@/lib/client/job-form-values";
import { ArgvChips } from "../argv-chips";
import { TextField } from "./text-field";

const FEATURE_WORDS = {
  variable: "$variables",
  pipe: "pipes (|)",
  redirect: "redirections (< >)",
  sequence: "sequences (&& ; &)",
  pattern: "file patterns (* ?)",
  home: "~",
  substitution: "`substitutions`",
  assignment: "NAME=value before the program (use Environment below)",
} as const satisfies Record<ShellFeature, string>;

/** The command as one line, and below it exactly what the program will be given. */
export function CommandField() {
  const { control } = useFormContext<JobFormValues>();
  const { argv, hints } = parseCommandLine(useWatch({ control, name: "command" }));
  return (
    <div className="flex flex-col gap-2">
      <TextField
        name="command"
        label="Command"
        required
        mono
        lines={2}
        placeholder="scrapy crawl shop -a region=north"
        hint="The program and its arguments. Quotes and backslashes work as usual; no shell is involved."
      />
      {argv.length > 0 && (
        <div className="rounded-md border border-dashed border-line px-3 py-2">
          <p className="mb-1.5 text-xs text-faint">
            {argv.length === 1
              ? "The program is started without arguments:"
              : `The program is given ${argv.length - 1} ${argv.length === 2 ? "argument" : "arguments"}:`}
          </p>
          <ArgvChips argv={argv} />
        </div>
      )}
      {hints.length > 0 && (
        <p role="status" className="text-xs text-muted">
          <strong className="font-semibold text-fg">Taken as plain text:</strong>{" "}
          {hints.map((hint) => FEATURE_WORDS[hint]).join(", ")}. To have a shell read them, write{" "}
          <code className="rounded-sm bg-raised px-1">sh -c '…'</code>.
        </p>
      )}
    </div>
  );
}
