"use client";

import { type FormEvent, useState } from "react";
import { NewPasswordField } from "@/components/account/new-password-field";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button, ButtonLink } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { useHydrated } from "@/components/ui/use-hydrated";
import { leaveFor } from "@/lib/client/leave";
import { fieldIssues, isApiProblem } from "@/lib/client/problem";
import { useSetUp } from "@/lib/client/session";
import { passwordProblem, USER_NAME_PATTERN } from "@/lib/domain/user";
import { codeIn, useSetUpCode } from "./use-set-up-code";

/** Makes the first admin, and signs them in. */
export function SetUpForm() {
  const [code, setCode] = useSetUpCode();
  const [pasted, setPasted] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [nameLeft, setNameLeft] = useState(false);
  const setUp = useSetUp();
  const refused = readRefusal(setUp.error);
  const isName = USER_NAME_PATTERN.test(name.trim());
  const ready = isName && passwordProblem(password, name.trim()) === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const used = code ?? codeIn(pasted);
    if (used === null || !ready) return;
    setUp.mutate(
      { code: used, name: name.trim(), password },
      {
        onSuccess: () => leaveFor("/"),
        onError: (error) => {
          // The link was not the right one: another can be pasted.
          if (isApiProblem(error) && error.code === "SET_UP_CODE_WRONG") setCode(null);
        },
      },
    );
  };
  return (
    <form method="post" onSubmit={submit}>
      {/* What is typed before the page is alive would be lost. */}
      <fieldset disabled={!useHydrated()} className="flex min-w-0 flex-col gap-4">
        <ProblemNotice
          error={refused.other}
          title="Nothing was set up"
          actions={
            isApiProblem(refused.other) &&
            refused.other.code === "SET_UP_DONE" && <ButtonLink href="/sign-in">Sign in</ButtonLink>
          }
        />
        {code === null && <CodeField value={pasted} onChange={setPasted} refused={refused.code} />}
        <Field
          label="Your name"
          hint="You sign in with it, and the history of runs names you by it."
          error={
            nameLeft && name !== "" && !isName
              ? "Letters, digits and . _ @ + - only, beginning with a letter or digit."
              : refused.name
          }
        >
          {(control) => (
            <Input
              {...control}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              maxLength={63}
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
              onBlur={() => setNameLeft(true)}
            />
          )}
        </Field>
        <NewPasswordField
          label="Password"
          name={name.trim()}
          value={password}
          onChange={setPassword}
          refused={refused.password}
        />
        <Button
          type="submit"
          look="main"
          busy={setUp.isPending || setUp.isSuccess}
          disabled={!ready || (code === null && codeIn(pasted) === null)}
          className="mt-1 h-9 w-full max-md:h-11"
        >
          Create the admin
        </Button>
      </fieldset>
    </form>
  );
}

type CodeFieldProps = { value: string; onChange: (value: string) => void; refused: string | undefined };

/** When the link was not opened as a whole. */
function CodeField({ value, onChange, refused }: CodeFieldProps) {
  return (
    <Field
      label="One-time code"
      hint={
        <>
          <code>npm start</code> prints a link with it; <code>unstuck admin set-up</code> on that machine
          prints it again. The whole link will do.
        </>
      }
      error={refused}
    >
      {(control) => (
        <Input
          {...control}
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="font-mono"
        />
      )}
    </Field>
  );
}

type Refused = {
  readonly code?: string;
  readonly name?: string;
  readonly password?: string;
  /** What belongs to no field. */
  readonly other: unknown;
};

function readRefusal(error: unknown): Refused {
  if (!isApiProblem(error)) return { other: error };
  if (error.code === "SET_UP_CODE_WRONG")
    return { code: "This code is not right, or not valid any more.", other: null };
  if (error.code === "PASSWORD_REFUSED") return { password: error.message, other: null };
  const about = fieldIssues(error).find(({ path }) => path === "name" || path === "password");
  if (about === undefined) return { other: error };
  return { [about.path]: `${about.message.charAt(0).toUpperCase()}${about.message.slice(1)}.`, other: null };
}
