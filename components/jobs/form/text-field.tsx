"use client";

import type { ReactNode } from "react";
import { useFormContext } from "react-hook-form";
import { cn } from "@/components/ui/cn";
import { Field, Input, Textarea } from "@/components/ui/field";
import type { JobField, JobFormValues } from "@/lib/client/job-form-values";

type TextFieldProps = {
  name: Exclude<
    JobField,
    | "env"
    | "parameters"
    | "signals"
    | "enabled"
    | "privateLog"
    | "resumeAfterShutdown"
    | "autoRecover"
    | "allowShort"
  >;
  label: string;
  hint?: ReactNode;
  placeholder?: string;
  optional?: boolean;
  mono?: boolean;
  lines?: number;
  disabled?: boolean;
  required?: boolean;
};

export function TextField({
  name,
  label,
  hint,
  placeholder,
  optional = false,
  mono = false,
  lines = 1,
  disabled = false,
  required = false,
}: TextFieldProps) {
  const { register, getFieldState, formState } = useFormContext<JobFormValues>();
  const { error } = getFieldState(name, formState);
  const className = cn(mono && "font-mono max-md:text-sm", disabled && "bg-raised text-muted");
  return (
    <Field label={label} hint={hint} optional={optional} error={error?.message}>
      {(control) => {
        const shared = {
          ...control,
          ...register(name),
          // So that the server renders the text too; the form itself sets it only once it is alive.
          defaultValue: formState.defaultValues?.[name],
          placeholder,
          readOnly: disabled,
          "aria-required": required || undefined,
          className,
        };
        return lines === 1 ? <Input {...shared} /> : <Textarea {...shared} rows={lines} />;
      }}
    </Field>
  );
}
