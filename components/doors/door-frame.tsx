import type { ReactNode } from "react";
import { ThemeMenu } from "@/components/shell/theme-menu";
import { Brand } from "@/components/shell/wordmark";

/** The frame of the pages in front of the dashboard: its name, one thing to do, and nothing else. */
export function DoorFrame({ children }: { children: ReactNode }) {
  return (
    <div className="app-root flex min-h-dvh flex-col px-4">
      <header className="flex h-14 items-center justify-end">
        <ThemeMenu />
      </header>
      <main id="main" className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center pt-2 pb-28">
        <div className="mb-8">
          <Brand />
        </div>
        {children}
      </main>
    </div>
  );
}
