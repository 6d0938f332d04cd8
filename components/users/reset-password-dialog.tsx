"use client";

import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { type Created, useResetPassword } from "@/lib/client/users";
import type { UserView } from "@/lib/contracts/account";
import { PasswordOnce } from "./password-once";

type ResetPasswordDialogProps = { user: UserView; open: boolean; onOpenChange: (open: boolean) => void };

export function ResetPasswordDialog({ user, open, onOpenChange }: ResetPasswordDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Reset the password of ${user.name}`}>
      <ResetPassword user={user} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ResetPassword({ user, close }: { user: UserView; close: () => void }) {
  const [created, setCreated] = useState<Created | null>(null);
  const reset = useResetPassword(user.id, setCreated);
  if (created !== null) return <PasswordOnce name={user.name} password={created.password} close={close} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        reset.mutate();
      }}
    >
      <DialogBody>
        <p className="text-sm text-muted">
          {user.hasPassword
            ? "The old password stops working, and every session of the user ends. A new one is made up and shown once; it has to be changed at the next sign-in."
            : "The user has no password so far. One is made up and shown once; it has to be changed at the first sign-in with it."}
          {user.secondFactor && " The second factor stays."}
        </p>
        <ProblemNotice error={reset.error} title="The password was not reset" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="danger-main" busy={reset.isPending}>
          Reset password
        </Button>
      </DialogActions>
    </form>
  );
}
