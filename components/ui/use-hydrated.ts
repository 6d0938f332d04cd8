"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False while the server renders and during hydration, true after: for what only the browser knows (time zone, platform). */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
