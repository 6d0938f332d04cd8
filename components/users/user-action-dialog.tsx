"use client";

import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { useChangeUser, useEndSessions, useRemoveSecondFactor } from "@/lib/client/users";
import type { UserView } from "@/lib/contracts/account";
import { ACTION_WORDS, type UserAction } from "./user-action-words";

type UserActionDialogProps = {
  action: UserAction;
  user: UserView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function UserActionDialog({ action, user, open, onOpenChange }: UserActionDialogProps) {
  const { title, about } = ACTION_WORDS[action];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title(user.name)} description={about}>
      <UserActionForm action={action} user={user} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

type UserActionFormProps = { action: UserAction; user: UserView; close: () => void };

function UserActionForm({ action, user, close }: UserActionFormProps) {
  const words = ACTION_WORDS[action];
  const { run, isPending, error } = useUserAction(action, user, () => {
    toast(words.done(user.name));
    close();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      {error !== null && (
        <DialogBody>
          <ProblemNotice error={error} title={words.refused} />
        </DialogBody>
      )}
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look={action === "enable" ? "main" : "danger-main"} busy={isPending}>
          {words.button}
        </Button>
      </DialogActions>
    </form>
  );
}

function useUserAction(action: UserAction, { id, version }: UserView, onDone: () => void) {
  const change = useChangeUser(id, onDone);
  const endSessions = useEndSessions(id, onDone);
  const removeSecondFactor = useRemoveSecondFactor(id, onDone);
  const all = {
    disable: { ...change, run: () => change.mutate({ version, disabled: true }) },
    enable: { ...change, run: () => change.mutate({ version, disabled: false }) },
    "end-sessions": { ...endSessions, run: () => endSessions.mutate() },
    "remove-second-factor": { ...removeSecondFactor, run: () => removeSecondFactor.mutate() },
  } as const satisfies Record<UserAction, unknown>;
  const { run, isPending, error } = all[action];
  return { run, isPending, error };
}
