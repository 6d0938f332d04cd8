"use client";

import { type RefObject, useEffect, useRef } from "react";

/**
 * When what is shown at a place changes, the button that was pressed is gone, and with it the place of the keyboard: it goes on in the first
 * field of what came, or at the place itself.
 */
export function useFocusOn(shown: unknown): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  const before = useRef(shown);
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    const field = place.current?.querySelector<HTMLElement>("input[type=password]");
    (field ?? place.current)?.focus();
  }, [shown]);
  return place;
}
