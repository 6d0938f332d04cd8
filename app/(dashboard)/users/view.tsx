"use client";

import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { TableSkeleton } from "@/components/ui/skeleton";
import { NewUserDialog } from "@/components/users/new-user-dialog";
import { UserTable } from "@/components/users/user-table";
import { useMe } from "@/lib/client/session";
import { usersQuery } from "@/lib/client/users";

export function UsersView() {
  const [creating, setCreating] = useState(false);
  const me = useMe();
  return (
    <>
      <PageHeader
        title="Users"
        below="Who can sign in, and what each may see and do."
        actions={
          <Button look="main" icon={<UserPlus aria-hidden />} onClick={() => setCreating(true)} data-key="n">
            New user…
          </Button>
        }
      />
      <Users me={me?.user ?? null} create={() => setCreating(true)} />
      <NewUserDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

function Users({ me, create }: { me: string | null; create: () => void }) {
  const { data, error } = useQuery(usersQuery());
  if (data === undefined) {
    return error === null ? (
      <TableSkeleton rows={3} />
    ) : (
      <ProblemNotice error={error} title="The users cannot be shown" />
    );
  }
  if (data.items.length === 0)
    return (
      <div className="rounded-lg border border-line bg-surface">
        <Empty title="No user yet" actions={<Button onClick={create}>New user…</Button>}>
          Make the first one an admin: only admins can make other users and read the audit.
        </Empty>
      </div>
    );
  return <UserTable users={data.items} me={me} />;
}
