"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { useDeleteUser } from "@/lib/client/users";
import type { UserView } from "@/lib/contracts/account";

type DeleteUserDialogProps = {
  user: UserView;
  isMe: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function DeleteUserDialog({ user, isMe, open, onOpenChange }: DeleteUserDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${user.name}?`}
      description={`${isMe ? "This is you: you are signed out at once. " : ""}The user is signed out and cannot sign in any more. This cannot be undone. The audit keeps what the user did; tokens that the user has made stay good until they are revoked.`}
    >
      <DeleteUserForm user={user} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function DeleteUserForm({ user: { id, name }, close }: { user: UserView; close: () => void }) {
  const [typed, setTyped] = useState("");
  const remove = useDeleteUser(id, () => {
    toast(`${name} was deleted`);
    close();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === name) remove.mutate();
      }}
    >
      <DialogBody>
        <Field
          label={
            <>
              Type <code className="rounded-sm bg-raised px-1">{name}</code> to confirm
            </>
          }
        >
          {(control) => (
            <Input
              {...control}
              autoCapitalize="none"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="font-mono"
            />
          )}
        </Field>
        <ProblemNotice error={remove.error} title="The user was not deleted" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look="danger-main"
          busy={remove.isPending || remove.isSuccess}
          disabled={typed !== name}
        >
          Delete user
        </Button>
      </DialogActions>
    </form>
  );
}
