"use client";

import type { ReactNode } from "react";
import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";

type CurrentPasswordFieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  refused?: string | undefined;
};

/** The password one signed in with, asked for once more. */
export function CurrentPasswordField({ label, value, onChange, hint, refused }: CurrentPasswordFieldProps) {
  return (
    <Field label={label} hint={hint} error={refused}>
      {(control) => (
        <PasswordInput
          {...control}
          name="password"
          autoComplete="current-password"
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
