"use client";

import { useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { type Created, useCreateUser } from "@/lib/client/users";
import { PasswordOnce } from "./password-once";
import { UserForm } from "./user-form";

type NewUserDialogProps = { open: boolean; onOpenChange: (open: boolean) => void };

export function NewUserDialog({ open, onOpenChange }: NewUserDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New user" className="w-[36rem]">
      <NewUser close={() => onOpenChange(false)} />
    </Dialog>
  );
}

const START = { name: "", access: { role: "viewer", grants: [] } } as const;

function NewUser({ close }: { close: () => void }) {
  const [created, setCreated] = useState<Created | null>(null);
  const create = useCreateUser(setCreated);
  if (created !== null)
    return <PasswordOnce name={created.user.name} password={created.password} close={close} />;
  return (
    <UserForm
      start={START}
      save={create.mutate}
      action={create}
      button="Create user"
      refused="The user was not created"
      close={close}
    >
      <p className="text-sm text-muted">
        A password is made up and shown once. It has to be changed at the first sign-in.
      </p>
    </UserForm>
  );
}
