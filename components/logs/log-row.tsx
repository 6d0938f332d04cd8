"use client";

import { type CSSProperties, memo, type ReactNode, useEffect, useRef } from "react";
import { cn } from "@/components/ui/cn";
import { type AnsiStyle, PLAIN, parseAnsi } from "@/lib/client/ansi";
import { paintOf } from "@/lib/client/ansi-colour";
import { formatBytes } from "@/lib/client/elapsed";
import { textOf } from "@/lib/client/logs-buffer";
import type { LogLine } from "@/lib/client/logs-line";
import { type MarkedSpan, markSpans, matchesIn } from "@/lib/client/logs-search";

export interface LogRowLook {
  readonly wrap: boolean;
  readonly pattern: RegExp | null;
  /** Digits the widest label needs; 0: no labels. */
  readonly gutter: number;
}

type LogRowProps = LogRowLook & {
  line: LogLine;
  index: number;
  label: string;
  /** Start of the shown match when it is in this line. */
  currentHit: number | null;
  marked: boolean;
  selected: boolean;
  measure: (node: Element | null) => void;
  onPlace: (line: LogLine) => void;
};

export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { line, index, label, wrap, gutter, marked, selected, measure, onPlace } = props;
  return (
    <div
      ref={measure}
      data-index={index}
      className={cn("flex min-h-5 pr-3 pl-3", marked && "bg-accent/12", selected && "bg-accent/20")}
    >
      {gutter > 0 && (
        <a
          href={`?at=${line.at}`}
          tabIndex={-1}
          aria-label={`Link to this line, byte ${line.at}`}
          title="Link to this line"
          style={{ minWidth: `${gutter}ch` }}
          onClick={(event) => {
            event.preventDefault();
            onPlace(line);
          }}
          className="mr-3 shrink-0 select-none text-right text-faint tabular hover:text-fg hover:underline"
        >
          {label}
        </a>
      )}
      <div
        data-text
        className={cn(
          "min-w-0",
          wrap ? "flex-1 whitespace-pre-wrap [overflow-wrap:anywhere]" : "whitespace-pre",
        )}
      >
        {line.headless && <Aside title="This line starts before what is loaded">⋯ </Aside>}
        <LineText {...props} />
        {line.clipped && <Aside>{clipWords(line)}</Aside>}
      </div>
    </div>
  );
});

function clipWords({ headless, bytes }: LogLine): string {
  const part = headless ? `${formatBytes(bytes)} of a longer line` : `${formatBytes(bytes)} line`;
  return ` … ${part}, download to see it whole`;
}

/** Words of ours, not of the program's: they are not copied with the line. */
function Aside({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <span data-aside title={title} className="select-none text-muted italic">
      {children}
    </span>
  );
}

function LineText({ line, pattern, currentHit }: LogRowProps) {
  const { spans } = parseAnsi(line.text, line.style);
  const matches = pattern === null ? [] : matchesIn(textOf(line), pattern);
  const marked: readonly MarkedSpan[] =
    matches.length > 0 ? markSpans(spans, matches) : spans.map((span) => ({ ...span, hit: null }));
  return marked.map((span, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity and are cut again with each change
    <Span key={index} span={span} current={span.hit !== null && span.hit === currentHit} />
  ));
}

function Span({ span, current }: { span: MarkedSpan; current: boolean }) {
  const { text, style, hit } = span;
  if (hit !== null) return <Hit text={text} current={current} />;
  if (style === PLAIN) return text;
  const paint: CSSProperties = paintOf(style) ?? {};
  return (
    <span style={paint} className={classOf(style)}>
      {text}
    </span>
  );
}

function Hit({ text, current }: { text: string; current: boolean }) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    // The list has brought the line into view; a long line may still need to move sideways.
    if (current) ref.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <mark
      ref={ref}
      aria-current={current || undefined}
      className={current ? "bg-accent text-accent-fg" : "bg-accent/25 text-fg"}
    >
      {text}
    </mark>
  );
}

function classOf(style: AnsiStyle): string {
  const lines = [style.underline && "underline", style.strike && "line-through"].filter(Boolean);
  return cn(
    style.bold && "font-bold",
    style.italic && "italic",
    style.dim && style.fg === null && style.bg === null && !style.inverse && "text-muted",
    lines.length === 2 ? "[text-decoration-line:underline_line-through]" : lines[0],
  );
}
