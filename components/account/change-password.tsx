"use client";

import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { isApiProblem } from "@/lib/client/problem";
import { useChangePassword } from "@/lib/client/session";
import type { AccountView } from "@/lib/contracts/account";
import { passwordProblem } from "@/lib/domain/user";
import { CurrentPasswordField } from "./current-password-field";
import { issuerInBrief } from "./issuer-in-brief";
import { NewPasswordField } from "./new-password-field";

export function ChangePassword({ account }: { account: AccountView }) {
  // A new form each time: what was typed into the old one is gone.
  const [done, setDone] = useState(0);
  return (
    <Panel title="Password">
      {account.hasPassword ? (
        <ChangePasswordForm key={done} name={account.name} onDone={() => setDone(done + 1)} />
      ) : (
        <p className="px-4 py-3 text-sm text-muted">
          {account.identity === null
            ? "You have none, so you cannot sign in again once your sessions have ended. An admin can set one on the page Users."
            : `You have none here: you sign in at ${issuerInBrief(account.identity.issuer)}.`}
        </p>
      )}
    </Panel>
  );
}

function ChangePasswordForm({ name, onDone }: { name: string; onDone: () => void }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangePassword(() => {
    toast("Your password was changed");
    onDone();
  });
  const refused = isApiProblem(change.error) ? change.error : null;
  const atCurrent = refused?.code === "PASSWORD_WRONG";
  const atNext = refused?.code === "PASSWORD_REFUSED";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ current, next });
  };
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4 px-4 py-4">
      {/* So that a password manager knows whose password it keeps. */}
      <input type="text" name="username" autoComplete="username" defaultValue={name} hidden readOnly />
      <div className="grid gap-4 sm:grid-cols-2">
        <CurrentPasswordField
          label="Current password"
          value={current}
          onChange={(value) => {
            setCurrent(value);
            if (atCurrent) change.reset();
          }}
          refused={atCurrent ? "This is not your password." : undefined}
        />
        <NewPasswordField
          label="New password"
          name={name}
          value={next}
          onChange={(value) => {
            setNext(value);
            if (atNext) change.reset();
          }}
          refused={atNext ? refused?.message : undefined}
        />
      </div>
      {!atCurrent && !atNext && <ProblemNotice error={change.error} title="Your password was not changed" />}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          type="submit"
          look="main"
          busy={change.isPending}
          disabled={current === "" || passwordProblem(next, name) !== null}
        >
          Change password
        </Button>
        <p className="text-xs text-faint">Your other sessions end.</p>
      </div>
    </form>
  );
}
