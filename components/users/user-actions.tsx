"use client";

import { Menu } from "@base-ui/react/menu";
import { Ellipsis } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button, buttonStyle } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { UserView } from "@/lib/contracts/account";
import { ChangeUserDialog } from "./change-user-dialog";
import { DeleteUserDialog } from "./delete-user-dialog";
import { ResetPasswordDialog } from "./reset-password-dialog";
import { UserActionDialog } from "./user-action-dialog";
import { ACTION_WORDS, actionsFor, USER_ACTIONS, type UserAction } from "./user-action-words";

type Opened = "change" | "reset-password" | "delete" | UserAction;

/** A row's buttons: change, and in a menu what is needed rarely; on a phone all of it, or a name would have no room. */
export function UserActions({ user, isMe }: { user: UserView; isMe: boolean }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  return (
    <div className="relative z-1 flex justify-end gap-1">
      <Button
        size="sm"
        onClick={() => setOpened("change")}
        aria-label={`Change ${user.name}`}
        data-key="e"
        data-row-link
        className="max-md:hidden"
      >
        Change…
      </Button>
      <MoreMenu user={user} isMe={isMe} open={setOpened} />
      <ChangeUserDialog user={user} isMe={isMe} open={opened === "change"} onOpenChange={close} />
      <ResetPasswordDialog user={user} open={opened === "reset-password"} onOpenChange={close} />
      <DeleteUserDialog user={user} isMe={isMe} open={opened === "delete"} onOpenChange={close} />
      {USER_ACTIONS.map((action) => (
        <UserActionDialog
          key={action}
          action={action}
          user={user}
          open={opened === action}
          onOpenChange={close}
        />
      ))}
    </div>
  );
}

const ITEM =
  "flex h-8 cursor-default items-center rounded-sm px-2 outline-none select-none data-highlighted:bg-raised max-md:h-10";

type MoreMenuProps = { user: UserView; isMe: boolean; open: (what: Opened) => void };

function MoreMenu({ user, isMe, open }: MoreMenuProps) {
  return (
    <Menu.Root>
      <Menu.Trigger
        className={buttonStyle({ look: "quiet", size: "icon" })}
        aria-label={`More for ${user.name}`}
        title="More"
      >
        <Ellipsis aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-10">
          <Menu.Popup className="min-w-52 rounded-md border border-line bg-surface p-1 text-sm text-fg shadow-popup outline-none">
            <Menu.Item className={cn(ITEM, "md:hidden")} onClick={() => open("change")}>
              Change…
            </Menu.Item>
            {isMe ? (
              <Menu.LinkItem render={<Link href="/account" />} className={ITEM}>
                Your password and sessions
              </Menu.LinkItem>
            ) : (
              <Menu.Item className={ITEM} onClick={() => open("reset-password")}>
                Reset password…
              </Menu.Item>
            )}
            {actionsFor(user, isMe).map((action) => (
              <Menu.Item key={action} className={ITEM} onClick={() => open(action)}>
                {ACTION_WORDS[action].menu}
              </Menu.Item>
            ))}
            <Menu.Separator className="my-1 h-px bg-line" />
            <Menu.Item className={cn(ITEM, "text-bad")} onClick={() => open("delete")}>
              Delete…
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
