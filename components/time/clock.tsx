"use client";

import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from "react";
import { readClock, subscribeClock } from "@/lib/client/clock";
import { noteAnswer } from "@/lib/client/connection";

const RenderedAt = createContext(0);

/** @param props.renderedAt when the server rendered the page: hydration must see the same now as the server did */
export function ClockProvider({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  // The page itself is the server's first answer.
  useEffect(noteAnswer, []);
  return <RenderedAt value={renderedAt}>{children}</RenderedAt>;
}

/** The present, epoch milliseconds, ticking once a second for everything on the page at once. */
export function useNow(): number {
  const renderedAt = useContext(RenderedAt);
  return useSyncExternalStore(subscribeClock, readClock, () => renderedAt);
}
