"use client";

import { ArrowDown } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { usePreference } from "@/components/shell/use-preference";
import { useHydrated } from "@/components/ui/use-hydrated";
import { textOf } from "@/lib/client/logs-buffer";
import type { LogLine } from "@/lib/client/logs-line";
import { copyText } from "./copy-text";
import { logAddress, readLogAddress, writeLogAddress } from "./log-address";
import { LogBlank } from "./log-blank";
import { LogFooter } from "./log-footer";
import { LogNotices } from "./log-notices";
import { LogRows, type LogRowsHandle } from "./log-rows";
import { LogSearchBox } from "./log-search-box";
import { LogToolbar } from "./log-toolbar";
import { counted, grouped } from "./log-words";
import { linesText, selectedText } from "./use-copy-lines";
import { useLogReader } from "./use-log-reader";
import { useLogSearch } from "./use-log-search";
import { useLogStream } from "./use-log-stream";

type RunLogProps = { runId: string; active: boolean; logBytes: number };

/** The log of a run, live while it is active. It brings its own frame. */
export function RunLog(props: RunLogProps) {
  return <Log key={props.runId} {...props} />;
}

function Log({ runId, active, logBytes }: RunLogProps) {
  const rows = useRef<LogRowsHandle>(null);
  const [target, setTarget] = useState(readLogAddress);
  const [stream, view] = useLogStream({ runId, active, logBytes }, target);
  const reader = useLogReader(stream, view, target === null);
  const search = useLogSearch(view);
  const narrow = useNarrow();
  const wrap = usePreference("log.wrap", narrow);
  const numbered = usePreference("log.numbers", false);
  const [note, say] = useNote();

  const jumpToEnd = () => {
    setTarget(null);
    writeLogAddress(null);
    reader.followNow();
    stream.jumpToEnd();
  };

  const step = useAwaited(search.hits.length > 0 || search.done, (by: 1 | -1) => {
    const hit = search.step(by, rows.current?.visible()[0]?.key ?? view.buffer.nextKey);
    if (hit !== null) rows.current?.toKey(hit.key);
  });

  const copy = async () => {
    const lines = rows.current?.visible() ?? [];
    const selection = selectedText() ?? window.getSelection()?.toString() ?? "";
    const copied = await copyText(selection === "" ? linesText(lines.map(textOf)) : selection);
    const what = selection === "" ? counted(lines.length, "line") : "the selection";
    say(copied ? `Copied ${what}` : "This browser does not allow copying here");
  };

  const linkTo = async (line: LogLine) => {
    setTarget(line.at);
    writeLogAddress(line.at);
    reader.leave();
    say(
      (await copyText(logAddress(line.at)))
        ? "Link to the line copied"
        : "The link to the line is in the address bar",
    );
  };

  return (
    <section
      aria-label="Log"
      className="flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface"
    >
      <LogToolbar
        runId={runId}
        wrap={wrap}
        numbered={numbered}
        numbersKnown={view.buffer.firstNumber !== null}
        onCopy={() => void copy()}
      >
        <LogSearchBox search={search} view={view} onStep={step} onLeave={() => rows.current?.focus()} />
      </LogToolbar>
      <LogNotices stream={stream} view={view} />
      <div className="relative h-[min(70dvh,48rem)] min-h-72">
        {view.phase === "ready" ? (
          <LogRows
            ref={rows}
            view={view}
            wrap={wrap[0]}
            numbered={numbered[0]}
            pattern={search.pattern}
            following={reader.following}
            currentHit={search.hits[search.index] ?? null}
            target={target}
            onReader={reader.note}
            onTop={stream.loadEarlier}
            onEnd={jumpToEnd}
            onPlace={(line) => void linkTo(line)}
          />
        ) : (
          <LogBlank phase={view.phase} view={view} active={active} onRetry={() => stream.retry()} />
        )}
        {view.phase === "ready" && !reader.following && (
          <JumpPill active={active} newLines={reader.newLines} onPress={jumpToEnd} />
        )}
      </div>
      <LogFooter
        view={view}
        active={active}
        following={reader.following}
        note={note}
        onEarlier={stream.loadEarlier}
      />
    </section>
  );
}

function JumpPill({ active, newLines, onPress }: { active: boolean; newLines: number; onPress: () => void }) {
  return (
    <button
      type="button"
      onClick={onPress}
      className="absolute bottom-3 left-1/2 inline-flex h-8 -translate-x-1/2 items-center gap-1.5 whitespace-nowrap rounded-full bg-accent px-3 text-xs font-medium text-accent-fg shadow-popup max-md:h-10"
    >
      <ArrowDown aria-hidden className="size-3.5" />
      {active ? "Jump to live" : "Jump to the end"}
      {newLines > 0 && <span className="tabular">· {grouped(newLines)} new</span>}
    </button>
  );
}

/** A phone: lines are longer than it is wide, and scrolling sideways with a thumb loses the place. */
function useNarrow(): boolean {
  return useHydrated() && window.matchMedia("(max-width: 640px)").matches;
}

/** Enter right after the last letter comes before the first match is found: it is carried out when there is one. */
function useAwaited<Argument>(
  ready: boolean,
  act: (argument: Argument) => void,
): (argument: Argument) => void {
  const [asked, setAsked] = useState<{ readonly argument: Argument } | null>(null);
  useEffect(() => {
    if (asked === null || !ready) return;
    setAsked(null);
    act(asked.argument);
  }, [asked, ready, act]);
  return (argument) => setAsked({ argument });
}

const NOTE_MS = 4_000;

function useNote(): readonly [string, (text: string) => void] {
  const [note, setNote] = useState("");
  useEffect(() => {
    if (note === "") return;
    const timer = setTimeout(() => setNote(""), NOTE_MS);
    return () => clearTimeout(timer);
  }, [note]);
  return [note, setNote];
}
