"use client";

import { useState } from "react";
import { toast } from "sonner";
import { Dialog } from "@/components/ui/dialog";
import { useChangeUser, useReloadUsers } from "@/lib/client/users";
import type { UserView } from "@/lib/contracts/account";
import { UserForm } from "./user-form";

type ChangeUserDialogProps = {
  user: UserView;
  isMe: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function ChangeUserDialog({ user, isMe, open, onOpenChange }: ChangeUserDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Change ${user.name}`} className="w-[36rem]">
      <ChangeUser user={user} isMe={isMe} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

type ChangeUserProps = { user: UserView; isMe: boolean; close: () => void };

/** What is edited is the user as it was when the dialog opened: what the list learns meanwhile must not change it under the hands. */
function ChangeUser({ user, isMe, close }: ChangeUserProps) {
  const [read, setRead] = useState(user);
  const reloadUsers = useReloadUsers();
  const change = useChangeUser(read.id, ({ name }) => {
    toast(`${name} was changed`);
    close();
  });
  const reload = async () => {
    const now = (await reloadUsers()).find(({ id }) => id === read.id);
    if (now === undefined) return close();
    setRead(now);
    change.reset();
  };
  return (
    <UserForm
      key={read.version}
      start={{ name: read.name, access: read }}
      save={(body) => change.mutate({ version: read.version, ...body })}
      action={change}
      button="Save"
      refused="The user was not changed"
      reload={() => void reload().catch(() => undefined)}
      close={close}
    >
      <p className="text-sm text-muted">
        {isMe
          ? "This is you: if you change what you may do, you are signed out and have to sign in again."
          : "A change of what the user may do signs the user out everywhere."}
      </p>
    </UserForm>
  );
}
