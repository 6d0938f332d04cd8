"use client";

import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { Field, Input, Textarea } from "@/components/ui/field";
import type { JobFormValues } from "@/lib/client/job-form-values";
import { hasField, type ParameterRow } from "@/lib/client/parameter-rows";

/** `at`: its place in the form; `label`: what readers call it. */
export type ParameterFieldProps = { at: number; row: ParameterRow; label: string };

/** What most parameters go without. */
export function ParameterMoreFields({ at, row, label }: ParameterFieldProps) {
  const { register } = useFormContext<JobFormValues>();
  const isLength = row.kind === "text" || row.kind === "password";
  // As it begins: it must not close over a field that is just being emptied.
  const [used] = useState(() =>
    [row.description, row.least, row.most, row.examples].some((text) => text !== ""),
  );
  return (
    <details open={used || undefined} className="text-sm">
      <summary className="cursor-pointer text-xs text-muted hover:text-accent">
        Description and limits<span className="sr-only"> of {label}</span>
      </summary>
      <div className="mt-3 flex flex-col gap-3">
        <Field label="Description" optional hint="Shown below the field when the job is started.">
          {(field) => (
            <Textarea
              {...field}
              {...register(`parameters.${at}.description`)}
              rows={2}
              aria-label={`Description of ${label}`}
            />
          )}
        </Field>
        {hasField(row.kind, "least") && (
          <div className="grid grid-cols-2 gap-3">
            {(["least", "most"] as const).map((bound) => (
              <Field key={bound} label={BOUND_WORDS[bound][isLength ? "length" : "value"]} optional>
                {(field) => (
                  <Input
                    {...field}
                    {...register(`parameters.${at}.${bound}`)}
                    inputMode="decimal"
                    aria-label={`${BOUND_WORDS[bound][isLength ? "length" : "value"]} of ${label}`}
                  />
                )}
              </Field>
            ))}
          </div>
        )}
        {hasField(row.kind, "examples") && (
          <Field label="Examples" optional hint="One on each line; the first is shown in the empty field.">
            {(field) => (
              <Textarea
                {...field}
                {...register(`parameters.${at}.examples`)}
                rows={2}
                aria-label={`Examples of ${label}`}
              />
            )}
          </Field>
        )}
      </div>
    </details>
  );
}

const BOUND_WORDS = {
  least: { length: "Shortest", value: "Minimum" },
  most: { length: "Longest", value: "Maximum" },
} as const;
