"use client";

import { useEffect, useState } from "react";

const PAUSE_MS = 300;

/** What was typed, once the keyboard rests. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
