"use client";

import { useEffect, useState } from "react";

/** Whole seconds until a moment, counted down. The clock of the pages does not do: it stands still while no page asks. */
export function useCountdown(): readonly [left: number, start: (ms: number) => void] {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (until === 0) return;
    const tick = () => setLeft(Math.max(0, Math.ceil((until - performance.now()) / 1_000)));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [until]);
  return [left, (ms) => setUntil(performance.now() + ms)];
}
