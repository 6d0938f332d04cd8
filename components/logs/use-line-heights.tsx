"use client";

import { type ReactNode, type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import type { LineBuffer } from "@/lib/client/logs-buffer";

const ROW_PX = 20;
/** Left and right padding of a row, and the gap after the gutter. */
const PADDING_PX = 24;
const GUTTER_GAP_PX = 12;
const PROBE_CHARS = 100;

/**
 * Guesses how high lines will be before they are drawn: with a fixed-width font it follows from their length. Near guesses
 * keep the scroll bar steady; each line is measured when it comes on screen.
 */
export function useLineHeights(
  scroller: RefObject<HTMLDivElement | null>,
  buffer: LineBuffer,
  wrap: boolean,
  gutterDigits: number,
): { estimate: (index: number) => number; probe: ReactNode } {
  const probe = useRef<HTMLSpanElement>(null);
  const [columns, setColumns] = useState(Number.POSITIVE_INFINITY);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!wrap || element === null) return setColumns(Number.POSITIVE_INFINITY);
    const look = () => {
      const charWidth = (probe.current?.getBoundingClientRect().width ?? 0) / PROBE_CHARS || 7.2;
      const gutter = gutterDigits === 0 ? 0 : gutterDigits * charWidth + GUTTER_GAP_PX;
      setColumns(Math.max(8, Math.floor((element.clientWidth - PADDING_PX - gutter) / charWidth)));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, wrap, gutterDigits]);

  const estimate = useCallback(
    (index: number) => {
      const length = buffer.lines[index]?.text.length ?? 0;
      return ROW_PX * Math.max(1, Math.ceil(length / columns));
    },
    [buffer, columns],
  );

  return {
    estimate,
    probe: (
      <span
        ref={probe}
        aria-hidden
        className="pointer-events-none invisible absolute top-0 left-0 h-0 overflow-hidden"
      >
        {"0".repeat(PROBE_CHARS)}
      </span>
    ),
  };
}
