"use client";

import { type RefObject, useEffect, useRef } from "react";

/** After each refusal the keyboard goes on in the first field that is wrong. @param refusals how many there were */
export function useFocusOnWrong(refusals: number): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  const seen = useRef(refusals);
  useEffect(() => {
    if (seen.current === refusals) return;
    seen.current = refusals;
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [refusals]);
  return form;
}
