"use client";

import { KeyRound, ShieldCheck } from "lucide-react";
import { AccessSummary } from "@/components/access/access-summary";
import { Ago } from "@/components/time/ago";
import { cn } from "@/components/ui/cn";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { UserView } from "@/lib/contracts/account";
import { UserActions } from "./user-actions";

/** @param props.me the id of the user who looks; null: not a user */
export function UserTable({ users, me }: { users: readonly UserView[]; me: string | null }) {
  return (
    <Table caption="Users, by name">
      <thead className="max-md:sr-only">
        <tr>
          <Th>Name</Th>
          <Th className="max-md:hidden">May do</Th>
          <Th className="max-md:hidden">Second factor</Th>
          <Th className="text-right max-md:hidden">Last sign-in</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <UserRow key={user.id} user={user} isMe={user.id === me} />
        ))}
      </tbody>
    </Table>
  );
}

function UserRow({ user, isMe }: { user: UserView; isMe: boolean }) {
  return (
    <Tr data-row={user.id} className="first:max-md:border-t-0">
      <Td className="align-top wrap-anywhere md:w-[26%]">
        <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
          <span className={cn("font-medium", user.disabled && "text-muted")}>{user.name}</span>
          {isMe && <Tag>you</Tag>}
          {user.disabled && <Tag>disabled</Tag>}
        </div>
        <PasswordState user={user} />
        <div className="mt-1 flex flex-col gap-1 md:hidden">
          <div>
            <AccessSummary access={user} />
          </div>
          <div className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
            <SecondFactor user={user} />
            <span>
              {user.lastSignInAt !== null && "signed in "}
              <LastSignIn user={user} />
            </span>
          </div>
        </div>
      </Td>
      <Td className="align-top max-md:hidden">
        <AccessSummary access={user} />
      </Td>
      <Td className="align-top whitespace-nowrap max-md:hidden">
        <SecondFactor user={user} />
      </Td>
      <Td className="text-right align-top whitespace-nowrap text-muted max-md:hidden">
        <LastSignIn user={user} />
      </Td>
      <Td className="w-px text-right align-top">
        <UserActions user={user} isMe={isMe} />
      </Td>
    </Tr>
  );
}

function Tag({ children }: { children: string }) {
  return <span className="shrink-0 rounded-sm bg-raised px-1.5 text-xs text-muted">{children}</span>;
}

function PasswordState({ user: { mustChange, hasPassword } }: { user: UserView }) {
  if (hasPassword && !mustChange) return null;
  return (
    <p className="mt-0.5 flex items-center gap-1 text-xs text-muted">
      <KeyRound aria-hidden className="size-3 shrink-0" />
      {hasPassword
        ? "One-time password, not changed yet"
        : "No password: signs in by a provider or a proxy only"}
    </p>
  );
}

function SecondFactor({ user: { secondFactor } }: { user: UserView }) {
  if (!secondFactor)
    return (
      <span className="text-muted">
        <span className="md:hidden">No second factor</span>
        <span className="max-md:hidden">none</span>
      </span>
    );
  return (
    <span className="inline-flex items-center gap-1.5">
      <ShieldCheck aria-hidden className="size-3.5 shrink-0 text-muted" />
      <span className="md:hidden">Second factor</span>
      <span className="max-md:hidden">set up</span>
    </span>
  );
}

function LastSignIn({ user: { lastSignInAt } }: { user: UserView }) {
  return lastSignInAt === null ? <>never signed in</> : <Ago at={lastSignInAt} />;
}
