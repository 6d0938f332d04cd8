"use client";

import { useEffect } from "react";

/** By the Back button a browser may show this page as it was left: the session has changed since, so it is loaded again. */
export function useReloadWhenRestored(): void {
  useEffect(() => {
    const look = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener("pageshow", look);
    return () => window.removeEventListener("pageshow", look);
  }, []);
}
