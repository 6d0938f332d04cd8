"use client";

import type { FormEventHandler } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";
import type { Attempt } from "./attempt";
import { Refusal } from "./refusal";

type PasswordStepProps = { attempt: Attempt; onSubmit: FormEventHandler<HTMLFormElement> };

export function PasswordStep({ attempt: { busy, error, wait }, onSubmit }: PasswordStepProps) {
  return (
    // Should it be sent before this page is alive, nothing of it gets into the address.
    <form method="post" onSubmit={onSubmit} className="flex flex-col gap-4">
      <Refusal error={error} wait={wait} wrong="Name or password is wrong">
        Capital letters count in a password. If you have forgotten yours, an admin can set a new one.
      </Refusal>
      <Field label="Name">
        {(control) => (
          <Input {...control} name="username" autoComplete="username" autoCapitalize="none" required />
        )}
      </Field>
      <Field label="Password">
        {(control) => <PasswordInput {...control} name="password" autoComplete="current-password" required />}
      </Field>
      <Button
        type="submit"
        look="main"
        busy={busy}
        disabled={wait > 0}
        className="mt-1 h-9 w-full max-md:h-11"
      >
        Sign in
      </Button>
    </form>
  );
}
