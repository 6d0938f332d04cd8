import type { ReactNode } from "react";
import { DoorFrame } from "@/components/doors/door-frame";
import { BootFailed } from "@/components/shell/boot-failed";
import { LiveProviders } from "@/components/shell/live-providers";
import { readHealth } from "@/lib/reads/health";

export const dynamic = "force-dynamic";

/** Pages without the dashboard around them: for people who are not signed in, or may not see what they asked for. */
export default function DoorsLayout({ children }: { children: ReactNode }) {
  const health = readHealth();
  return (
    <LiveProviders renderedAt={Date.now()}>
      {health.supervisor === "ready" ? <DoorFrame>{children}</DoorFrame> : <BootFailed initial={health} />}
    </LiveProviders>
  );
}
