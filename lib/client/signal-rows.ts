import type { JobView } from "@/lib/contracts/job";
import type { JobKind } from "@/lib/domain/job";
import type { StopSignal } from "@/lib/domain/signal-profile";
import { usualSignals } from "@/lib/domain/signals";
import { formatDurationText, parseDurationText } from "./duration-text";

/** A step of the sequence as it is typed. */
export type SignalRow = { signal: StopSignal; wait: string };

export type SignalValues = { stopGraceMs: string; signals: SignalRow[] };

/** One step with the usual signal of the kind is shown as its time alone: it follows when the kind changes. */
export function toSignalValues({
  kind,
  signals: { sequence },
}: Pick<JobView, "kind" | "signals">): SignalValues {
  const [first, ...more] = sequence;
  if (first !== undefined && more.length === 0 && first.signal === usualSignals(kind).sequence[0]?.signal)
    return { stopGraceMs: formatDurationText(first.waitMs), signals: [] };
  const signals = sequence.map(({ signal, waitMs }) => ({ signal, wait: formatDurationText(waitMs) }));
  return { stopGraceMs: "", signals };
}

export function nextSignalRow(kind: JobKind, rows: readonly SignalRow[], stopGraceMs: string): SignalRow {
  if (rows.length > 0) return { signal: "SIGTERM", wait: "10 s" };
  const usual = usualSignals(kind).sequence[0];
  const wait = stopGraceMs.trim() === "" ? formatDurationText(usual?.waitMs ?? 0) : stopGraceMs;
  return { signal: usual?.signal ?? "SIGTERM", wait };
}

type Reading = { readonly sequence: JobView["signals"]["sequence"]; readonly wrong: string | null };

/** @returns the sequence to send; `wrong`: a text that is no length of time */
export function readSignalRows(kind: JobKind, { stopGraceMs, signals }: SignalValues): Reading {
  const usual = usualSignals(kind).sequence[0] ?? { signal: "SIGTERM" as const, waitMs: 0 };
  const rows = signals.length > 0 ? signals : [{ signal: usual.signal, wait: stopGraceMs }];
  const isUsual = signals.length === 0 && stopGraceMs.trim() === "";
  const waits = rows.map(({ wait }) => (isUsual ? usual.waitMs : parseDurationText(wait)));
  return {
    sequence: rows.map(({ signal }, at) => ({ signal, waitMs: waits[at] ?? 0 })),
    wrong: rows.find((_, at) => waits[at] === null)?.wait ?? null,
  };
}
