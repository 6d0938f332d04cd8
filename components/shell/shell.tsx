"use client";

import { useQuery } from "@tanstack/react-query";
import { Keyboard } from "lucide-react";
import { type ReactNode, useCallback, useState } from "react";
import { Button } from "@/components/ui/button";
import { useMay } from "@/lib/client/may";
import { watchedSessionQuery } from "@/lib/client/session";
import { AccountMenu } from "./account-menu";
import { Announcer } from "./announcer";
import { ConnectionBadge, useConnection } from "./connection-badge";
import { DiskNotice } from "./disk-notice";
import { FolderNotice } from "./folder-notice";
import { HoldNotices } from "./hold-notices";
import { NavLinks } from "./nav-links";
import { OfflineStrip } from "./offline-strip";
import { OpenNotice } from "./open-notice";
import { PlainFrame } from "./plain-frame";
import { ShortcutSheet } from "./shortcut-sheet";
import { SupervisorNotice } from "./supervisor-notice";
import { ThemeMenu } from "./theme-menu";
import { usePreference } from "./use-preference";
import { useShortcuts } from "./use-shortcuts";
import { useStayOffline } from "./use-stay-offline";
import { Wordmark } from "./wordmark";

type ShellProps = { version: string; children: ReactNode };

/** The frame of every page. A person who has to choose a password first gets nothing but the page for that. */
export function Shell(props: ShellProps) {
  const { data: session } = useQuery(watchedSessionQuery());
  return session?.me?.mustChange === true ? (
    <PlainFrame>{props.children}</PlainFrame>
  ) : (
    <FullFrame {...props} />
  );
}

/** Rail on wide screens, bars on phones. */
function FullFrame({ version, children }: ShellProps) {
  const [sheet, setSheet] = useState(false);
  const [keys, setKeys] = usePreference("keys", true);
  const may = useMay();
  useShortcuts(
    keys,
    may,
    useCallback(() => setSheet(true), []),
  );
  const { onClickCapture, stayed } = useStayOffline();
  const offline = useConnection().lostSince !== null;
  return (
    <div
      className="app-root min-h-dvh md:grid md:grid-cols-[13rem_minmax(0,1fr)] md:content-start"
      data-offline={offline || undefined}
      onClickCapture={onClickCapture}
    >
      <a
        href="#main"
        className="fixed top-2 left-2 z-20 -translate-y-16 rounded-md bg-accent px-3 py-2 text-sm font-medium text-accent-fg focus:translate-y-0"
      >
        Skip to content
      </a>
      <OfflineStrip stayed={stayed} />
      <Rail version={version} openSheet={() => setSheet(true)} />
      <TopBar />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl px-4 pt-5 pb-24 outline-none md:px-8 md:pt-7 md:pb-16"
      >
        <OpenNotice />
        <SupervisorNotice />
        <FolderNotice />
        <HoldNotices />
        <DiskNotice />
        {children}
      </main>
      <nav
        aria-label="Main"
        className="fixed inset-x-0 bottom-0 z-10 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        <NavLinks look="bar" />
      </nav>
      <Announcer />
      <ShortcutSheet open={sheet} onOpenChange={setSheet} enabled={keys} onEnable={setKeys} />
    </div>
  );
}

function Rail({ version, openSheet }: { version: string; openSheet: () => void }) {
  return (
    <header className="sticky top-0 flex h-dvh flex-col gap-5 overflow-y-auto border-r border-line px-3 pt-5 pb-4 max-md:hidden">
      <div className="px-2.5">
        <Wordmark />
      </div>
      <nav aria-label="Main" className="flex flex-col gap-4">
        <div className="flex flex-col gap-0.5">
          <NavLinks look="rail" />
        </div>
        <div className="flex flex-col gap-0.5 empty:hidden">
          <NavLinks look="rail" group="administration" />
        </div>
      </nav>
      <div className="mt-auto flex flex-col gap-2">
        <AccountMenu look="rail" />
        <div className="flex flex-col gap-2 px-2.5">
          <ConnectionBadge />
          <div className="flex items-center justify-between">
            <span className="text-xs text-faint">v{version}</span>
            <span className="-mr-1.5 flex">
              <Button
                look="quiet"
                size="icon"
                onClick={openSheet}
                aria-label="Keyboard shortcuts"
                title="Keyboard shortcuts (?)"
              >
                <Keyboard aria-hidden />
              </Button>
              <ThemeMenu />
            </span>
          </div>
        </div>
      </div>
    </header>
  );
}

function TopBar() {
  return (
    <header className="sticky top-0 z-10 flex h-12 items-center gap-1 border-b border-line bg-bg px-4 md:hidden">
      <Wordmark />
      <ConnectionBadge className="mr-2 ml-auto" />
      <ThemeMenu />
      <AccountMenu look="bar" />
    </header>
  );
}
