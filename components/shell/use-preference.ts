"use client";

import { useCallback, useSyncExternalStore } from "react";

const CHANGED = "unstuck:preference";

/** A yes/no this browser remembers. Where nothing can be stored (private windows), it lasts as long as the page. */
export function usePreference(name: string, byDefault: boolean): [boolean, (value: boolean) => void] {
  const key = `unstuck.${name}`;
  const value = useSyncExternalStore(
    subscribe,
    () => read(key) ?? byDefault,
    () => byDefault,
  );
  const change = useCallback(
    (next: boolean) => {
      remembered.set(key, next);
      try {
        localStorage.setItem(key, String(next));
      } catch {
        // Storage is full or forbidden; the page goes on with what it remembers itself.
      }
      window.dispatchEvent(new Event(CHANGED));
    },
    [key],
  );
  return [value, change];
}

const remembered = new Map<string, boolean>();

function read(key: string): boolean | null {
  const own = remembered.get(key);
  if (own !== undefined) return own;
  try {
    const stored = localStorage.getItem(key);
    return stored === null ? null : stored === "true";
  } catch {
    return null;
  }
}

function subscribe(changed: () => void): () => void {
  window.addEventListener(CHANGED, changed);
  return () => window.removeEventListener(CHANGED, changed);
}
