"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from "react";
import { cn } from "@/components/ui/cn";
import type { LogLine } from "@/lib/client/logs-line";
import type { LogHit } from "@/lib/client/logs-search";
import type { LogView } from "@/lib/client/logs-view";
import { gutterOf } from "./log-gutter";
import { LogRow, type LogRowLook } from "./log-row";
import { useCopyLines } from "./use-copy-lines";
import { FOLLOW_WITHIN_PX, useFollow } from "./use-follow";
import { useLineHeights } from "./use-line-heights";

export interface LogRowsHandle {
  toKey(key: number): void;
  focus(): void;
  /** The lines on screen. */
  visible(): readonly LogLine[];
}

type LogRowsProps = Pick<LogRowLook, "wrap" | "pattern"> & {
  ref: Ref<LogRowsHandle>;
  view: LogView;
  numbered: boolean;
  following: boolean;
  currentHit: LogHit | null;
  /** Byte offset the address names. */
  target: number | null;
  onReader: (following: boolean, nearEnd: boolean) => void;
  onTop: () => void;
  onEnd: () => void;
  onPlace: (line: LogLine) => void;
};

export function LogRows(props: LogRowsProps) {
  const { ref, view, numbered, following, wrap, pattern, currentHit, target, onTop, onPlace } = props;
  const { buffer } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const gutter = gutterOf(buffer, numbered);
  const heights = useLineHeights(scroller, buffer, wrap, gutter.digits);
  const virtualizer = useVirtualizer({
    count: buffer.lines.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => buffer.firstKey + index, [buffer]),
    estimateSize: heights.estimate,
    overscan: 10,
    // The reader's line stays where it is when lines come or go above it; at the end, the end stays in view.
    anchorTo: "end",
    followOnAppend: following,
    scrollEndThreshold: FOLLOW_WITHIN_PX,
  });
  const copy = useCopyLines(buffer);
  const { handlers, look } = useFollow(scroller, props);

  // biome-ignore lint/correctness/useExhaustiveDependencies: measured sizes are void when the width or the wrapping changes
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, heights.estimate]);

  useLayoutEffect(() => {
    const index = target === null ? -1 : buffer.indexAt(target);
    if (index !== -1) virtualizer.scrollToIndex(index, { align: "center" });
  }, [virtualizer, buffer, target]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every new view may have grown the last line
  useLayoutEffect(() => {
    if (following) virtualizer.scrollToEnd();
  }, [virtualizer, following, view, heights.estimate]);

  const height = virtualizer.getTotalSize();
  useEffect(() => {
    // A few very long lines may fill a whole read and not even the screen; there is nothing to scroll to the top of then.
    const isShort = scroller.current !== null && height < scroller.current.clientHeight;
    if (isShort && buffer.end - buffer.start < FILL_BYTES) onTop();
  }, [height, buffer, onTop]);

  useImperativeHandle(ref, () => ({
    toKey: (key) => {
      virtualizer.scrollToIndex(key - buffer.firstKey, { align: "center" });
      look();
    },
    focus: () => scroller.current?.focus(),
    visible: () => {
      const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: -1 };
      return buffer.lines.slice(startIndex, endIndex + 1);
    },
  }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || copy.onKeyDown(event)) return;
    const action = KEYS[event.key];
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (action === "end") props.onEnd();
    if (action === "top") virtualizer.scrollToOffset(0);
  };

  const items = virtualizer.getVirtualItems();
  const targetIndex = target === null ? -1 : buffer.indexAt(target);
  return (
    // A live region that reads every line aloud would never end: the summary below the log speaks instead.
    <div
      ref={scroller}
      role="log"
      data-key="l"
      aria-live="off"
      aria-label="Output of the run"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      {...handlers}
      onKeyDown={(event) => {
        handlers.onKeyDown();
        onKeyDown(event);
      }}
      onCopy={copy.onCopy}
      onPointerDown={() => {
        handlers.onPointerDown();
        copy.clear();
      }}
      className="relative h-full overflow-auto py-2 font-mono text-xs leading-5 [overflow-anchor:none] [tab-size:8] focus-visible:-outline-offset-2"
    >
      {heights.probe}
      <div className="relative min-w-full" style={{ height, width: "100%" }}>
        <div
          className={cn("absolute top-0 left-0", wrap ? "w-full" : "w-max min-w-full")}
          style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
        >
          {items.map(({ index, key }) => {
            const line = buffer.lines[index];
            return line === undefined ? null : (
              <LogRow
                key={String(key)}
                line={line}
                index={index}
                label={gutter.label(line, index)}
                gutter={gutter.digits}
                wrap={wrap}
                pattern={pattern}
                currentHit={currentHit?.key === line.key ? currentHit.from : null}
                marked={index === targetIndex}
                selected={copy.all}
                measure={virtualizer.measureElement}
                onPlace={onPlace}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** How much is read, at most, to fill the screen at first. */
const FILL_BYTES = 4 * 1024 * 1024;

const KEYS: Readonly<Record<string, "end" | "top">> = { End: "end", Home: "top" };
