"use client";

import { Menu } from "@base-ui/react/menu";
import { ChevronsUpDown, CircleUser, LogOut, UserCog } from "lucide-react";
import Link from "next/link";
import { roleInBrief } from "@/components/account/role-words";
import { buttonStyle } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { menuItemStyle, menuPopupStyle } from "@/components/ui/menu-style";
import { useMay } from "@/lib/client/may";
import { useMe, useSignOut } from "@/lib/client/session";
import type { MeView } from "@/lib/contracts/account";
import { destinationsOf } from "./destinations";

/** Who is signed in, and what they can do about that. `bar`: on phones, where the pages for admins have no other place. */
export function AccountMenu({ look }: { look: "rail" | "bar" }) {
  const me = useMe();
  if (me === null) return null;
  return (
    <Menu.Root>
      {look === "rail" ? <WideTrigger me={me} /> : <IconTrigger me={me} />}
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align={look === "rail" ? "start" : "end"} className="z-10">
          <Menu.Popup className={cn(menuPopupStyle, look === "rail" ? "w-(--anchor-width)" : "w-52")}>
            {look === "bar" && <Administration me={me} />}
            <Menu.LinkItem render={<Link href="/account" />} closeOnClick className={menuItemStyle}>
              <UserCog aria-hidden className="size-3.5 text-muted" />
              Account
            </Menu.LinkItem>
            {me.via === "session" && <SignOutItem />}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function WideTrigger({ me }: { me: MeView }) {
  return (
    <Menu.Trigger
      aria-label={`${me.name}, ${roleInBrief(me)}: account menu`}
      className={cn(buttonStyle({ look: "quiet" }), "h-11 w-full justify-start gap-2.5 px-2.5 text-left")}
    >
      <CircleUser aria-hidden className="size-4" />
      <span className="min-w-0 flex-1">
        <span className="block truncate leading-4 text-fg">{me.name}</span>
        <span className="block truncate text-xs font-normal text-faint">{roleInBrief(me)}</span>
      </span>
      <ChevronsUpDown aria-hidden className="text-faint" />
    </Menu.Trigger>
  );
}

function IconTrigger({ me }: { me: MeView }) {
  return (
    <Menu.Trigger
      aria-label={`${me.name}, ${roleInBrief(me)}: account menu`}
      className={buttonStyle({ look: "quiet", size: "icon" })}
    >
      <CircleUser aria-hidden className="size-4" />
    </Menu.Trigger>
  );
}

function Administration({ me }: { me: MeView }) {
  const may = useMay();
  const places = destinationsOf("administration", may);
  return (
    <>
      <Menu.Group>
        <Menu.GroupLabel className="px-2 py-1.5">
          <span className="block truncate font-medium">{me.name}</span>
          <span className="block truncate text-xs text-faint">{roleInBrief(me)}</span>
        </Menu.GroupLabel>
        {places.map(({ href, label, icon: Icon }) => (
          <Menu.LinkItem key={href} render={<Link href={href} />} closeOnClick className={menuItemStyle}>
            <Icon aria-hidden className="size-3.5 text-muted" />
            {label}
          </Menu.LinkItem>
        ))}
      </Menu.Group>
      <Menu.Separator className="-mx-1 my-1 h-px bg-line" />
    </>
  );
}

/** The menu stays open until it is done: a refusal has to be read somewhere. */
function SignOutItem() {
  const signOut = useSignOut();
  return (
    <>
      <Menu.Item
        closeOnClick={false}
        disabled={signOut.isPending || signOut.isSuccess}
        onClick={() => signOut.mutate()}
        className={menuItemStyle}
      >
        <LogOut aria-hidden className="size-3.5 text-muted" />
        Sign out
      </Menu.Item>
      {signOut.error !== null && (
        <p role="alert" className="px-2 py-1.5 text-xs font-medium text-bad">
          You are still signed in. {signOut.error.message}
        </p>
      )}
    </>
  );
}
