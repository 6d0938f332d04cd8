"use client";

import { useState } from "react";
import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";
import { PASSWORD_LENGTH, passwordProblem } from "@/lib/domain/user";

type NewPasswordFieldProps = {
  label: string;
  /** Of the user it is for: it may not be the password, too. */
  name: string;
  value: string;
  onChange: (value: string) => void;
  /** The server's refusal of what is typed now. */
  refused?: string | undefined;
};

/** A password that is chosen here. What is wrong with it is said once the field is left, not while it is typed. */
export function NewPasswordField({ label, name, value, onChange, refused }: NewPasswordFieldProps) {
  const [left, setLeft] = useState(false);
  const problem = passwordProblem(value, name);
  const shown = left && value !== "" && problem !== null ? sentence(problem) : refused;
  return (
    <Field
      label={label}
      hint={`At least ${PASSWORD_LENGTH.least} characters. Length is what counts: a few words in a row are a good password.`}
      error={shown}
    >
      {(control) => (
        <PasswordInput
          {...control}
          name="new-password"
          autoComplete="new-password"
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => setLeft(true)}
        />
      )}
    </Field>
  );
}

function sentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
}
