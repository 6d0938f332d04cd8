"use client";

import { Notice } from "@/components/ui/notice";
import { useHydrated } from "@/components/ui/use-hydrated";

/** Only the browser knows: TLS may end at a proxy, and a connection to one's own machine needs none. */
export function InsecureNotice() {
  const hydrated = useHydrated();
  if (!hydrated || window.isSecureContext) return null;
  return (
    <Notice tone="warn" title="This connection is not encrypted">
      On its way a password can be read by the network. Reach the dashboard through HTTPS or an SSH tunnel.
    </Notice>
  );
}
