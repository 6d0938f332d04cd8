"use client";

import { type FormEvent, useState } from "react";
import { leaveFor } from "@/lib/client/leave";
import { isApiProblem } from "@/lib/client/problem";
import { useSignIn } from "@/lib/client/session";
import type { Attempt } from "./attempt";
import { CodeStep } from "./code-step";
import { PasswordStep } from "./password-step";
import { useCountdown } from "./use-countdown";

type Given = { readonly name: string; readonly password: string };

/** Name and password first; then a code, where the account has a second factor. */
export function SignInForm({ next }: { next: string }) {
  const [given, setGiven] = useState<Given | null>(null);
  const [wait, startWait] = useCountdown();
  const signIn = useSignIn();
  const send = (who: Given, code?: string) =>
    signIn.mutate(
      { ...who, ...(code === undefined ? {} : { code }) },
      {
        onSuccess: () => leaveFor(next),
        onError: (error) => {
          if (!isApiProblem(error)) return;
          if (error.code === "SECOND_FACTOR_NEEDED") {
            setGiven(who);
            signIn.reset();
          }
          if (error.code === "TOO_MANY_ATTEMPTS") startWait(retryAfter(error.details));
        },
      },
    );
  const attempt: Attempt = { busy: signIn.isPending || signIn.isSuccess, error: signIn.error, wait };
  if (given === null)
    return (
      <PasswordStep
        attempt={attempt}
        onSubmit={(event) => {
          const form = fieldsOf(event);
          send({ name: text(form, "username").trim(), password: text(form, "password") });
        }}
      />
    );
  return (
    <CodeStep
      name={given.name}
      attempt={attempt}
      onSubmit={(event) => send(given, text(fieldsOf(event), "code").trim())}
      back={() => {
        setGiven(null);
        signIn.reset();
      }}
    />
  );
}

/** Read from the form itself: a password manager may have filled it in before this page was alive. */
function fieldsOf(event: FormEvent<HTMLFormElement>): FormData {
  event.preventDefault();
  return new FormData(event.currentTarget);
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

function retryAfter({ retryAfterMs }: Readonly<Record<string, unknown>>): number {
  return typeof retryAfterMs === "number" ? retryAfterMs : 1_000;
}
