"use client";

import { type FormEvent, useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { isApiProblem } from "@/lib/client/problem";
import { CurrentPasswordField } from "./current-password-field";

type AskPasswordProps = {
  why: string;
  button: string;
  dangerous?: boolean;
  action: {
    readonly isPending: boolean;
    readonly error: unknown;
    readonly mutate: (password: string) => void;
    readonly reset: () => void;
  };
  /** Heads the server's refusal. */
  refused: string;
  cancel: () => void;
};

/** Asked before what would help a person who finds this browser signed in. */
export function AskPassword({ why, button, dangerous = false, action, refused, cancel }: AskPasswordProps) {
  const [password, setPassword] = useState("");
  const wrong = isApiProblem(action.error) && action.error.code === "PASSWORD_WRONG";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== "") action.mutate(password);
  };
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4 px-4 py-4">
      <p className="text-sm text-muted">{why}</p>
      <div className="max-w-sm">
        <CurrentPasswordField
          label="Your password"
          value={password}
          onChange={(value) => {
            setPassword(value);
            if (wrong) action.reset();
          }}
          refused={wrong ? "This is not your password." : undefined}
        />
      </div>
      {!wrong && <ProblemNotice error={action.error} title={refused} />}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          look={dangerous ? "danger-main" : "main"}
          busy={action.isPending}
          disabled={password === ""}
        >
          {button}
        </Button>
        <Button onClick={cancel}>Cancel</Button>
      </div>
    </form>
  );
}
