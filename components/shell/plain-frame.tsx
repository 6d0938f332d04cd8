import type { ReactNode } from "react";
import { AccountMenu } from "./account-menu";
import { ThemeMenu } from "./theme-menu";
import { Brand } from "./wordmark";

/** A frame that leads nowhere and asks the server for nothing, which would refuse it. */
export function PlainFrame({ children }: { children: ReactNode }) {
  return (
    <div className="app-root min-h-dvh">
      <header className="sticky top-0 z-10 flex h-12 items-center gap-1 border-b border-line bg-bg px-4 md:px-8">
        <Brand />
        <span className="ml-auto flex items-center gap-1">
          <ThemeMenu />
          <AccountMenu look="bar" />
        </span>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-3xl px-4 py-7 outline-none md:px-8">
        {children}
      </main>
    </div>
  );
}
