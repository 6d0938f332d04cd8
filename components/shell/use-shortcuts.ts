"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { readConnection } from "@/lib/client/connection";
import type { May } from "@/lib/client/may";
import { type Destination, destinationBehind } from "./destinations";
import { isTyping, moveRow, press, search } from "./page-keys";

/** How long `g` waits for the letter after it. */
const SECOND_KEY_WITHIN_MS = 1_500;

/** One-letter keys. Pages take part by marking elements: `data-search`, `data-row`, `data-row-link`, `data-key="s"`. */
export function useShortcuts(enabled: boolean, may: May, openSheet: () => void): void {
  const router = useRouter();
  const goSince = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      if (event.key === "?") {
        event.preventDefault();
        openSheet();
        return;
      }
      if (!enabled) return;
      const going = Date.now() - goSince.current < SECOND_KEY_WITHIN_MS;
      goSince.current = !going && event.key === "g" ? Date.now() : 0;
      const taken = going ? goTo(destinationBehind(event.key, may), router.push) : act(event.key);
      if (taken) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [enabled, may, openSheet, router]);
}

function goTo(destination: Destination | undefined, push: (href: string) => void): boolean {
  // Nothing could be shown there while the server is gone.
  if (destination !== undefined && readConnection().lostSince === null) push(destination.href);
  return destination !== undefined;
}

function act(key: string): boolean {
  switch (key) {
    case "/":
      return search();
    case "j":
      return moveRow(1);
    case "k":
      return moveRow(-1);
    case "s":
    case "r":
    case "l":
    case "e":
    case "n":
    case "x":
    case "c":
    case "u":
      return press(key);
    default:
      return false;
  }
}
