import { formatBytes, formatElapsed } from "@/lib/client/elapsed";
import { formatSizeText } from "@/lib/client/size-text";
import type { RunEventView } from "@/lib/contracts/run";
import { quoted } from "@/lib/domain/reason";
import { RUN_CAUSES } from "@/lib/domain/run";
import { CAUSE_LABEL } from "./state-words";

type Data = RunEventView["data"];
type Words = { readonly title: string; readonly say?: (data: Data) => (string | null)[] };

/** The events of a run in words for people. What has no words here is shown under its own name. */
const WORDS: Readonly<Record<string, Words>> = {
  queued: {
    title: "Requested",
    say: ({ trigger, actor, args, argsOf }) => [text(trigger), by(actor), argsWords(args, argsOf)],
  },
  waiting: { title: "Waiting", say: ({ for: what }) => [text(what)] },
  claimed: { title: "Picked up", say: () => [] },
  spawned: { title: "Process started", say: ({ process }) => [pid(process)] },
  launch_failed: { title: "Could not be launched", say: ({ reason }) => [text(reason)] },
  stop_requested: {
    title: "Stop requested",
    say: ({ cause, reason, graceMs }) => [whoAsked(reason) ?? causeWords(cause), grace(graceMs)],
  },
  signal_sent: { title: "Signal sent", say: signalWords },
  leftovers: {
    title: "Ended and left processes behind",
    say: ({ commands, pids }) => [list(commands) ?? list(pids)],
  },
  leftover_signal_sent: { title: "Signal sent to what it left behind", say: signalWords },
  unkillable: { title: "Not ended by SIGKILL", say: ({ processes }) => stubbornWords(processes) },
  limits_applied: {
    title: "Limits set",
    say: ({ memoryBytes, why, openFiles, nice }) => [
      typeof memoryBytes === "number" ? `memory ${formatSizeText(memoryBytes)}` : null,
      text(why),
      openFiles === null ? null : `open files ${openFiles}`,
      nice === null ? null : `nice ${nice}`,
    ],
  },
  exited: { title: "Process ended", say: ({ exit }) => [exitWords(exit)] },
  tree_gone: { title: "All its processes are gone", say: () => [] },
  lost: { title: "Found to be gone", say: ({ cause, reason }) => [text(reason) ?? causeWords(cause)] },
  cleaned: { title: "Cleaned up", say: ({ reason, by: who }) => [text(reason), by(who)] },
  clean_undone: {
    title: "Clean-up undone",
    say: ({ reason, by: who }) => [quotedOrNothing(reason), by(who)],
  },
  stray_adopted: {
    title: "A running process was adopted",
    say: ({ process, reason, by: who }) => [pid(process), text(reason), by(who)],
  },
  lock_taken_away: {
    title: "A lock was taken away from it",
    say: ({ lock, by: who, reason }) => [text(lock), by(who), text(reason)],
  },
  restart_requested: { title: "Restart requested", say: ({ by: who }) => [by(who)] },
  restarted: { title: "Restarted", say: ({ runId }) => [text(runId)] },
  restart_cancelled: { title: "Restart cancelled", say: ({ by: who }) => [by(who)] },
  restart_failed: { title: "Could not be restarted", say: ({ reason }) => [text(reason)] },
  log_dropped: {
    title: "Beginning of the log dropped",
    say: ({ bytes, upTo }) =>
      bytes === upTo ? [size(upTo)] : [`${size(bytes)} more`, `${size(upTo)} in all`],
  },
  log_cap_impossible: {
    title: "The log cannot be kept below its cap",
    say: ({ reason, capBytes }) => [text(reason), `cap ${size(capBytes)}`],
  },
  log_piped: { title: "Its output goes through a pipe", say: ({ why }) => [text(why)] },
  log_pump_restarted: {
    title: "The process that carries its output into the log was killed and has been replaced",
    say: ({ pid }) => [`process ${Number(pid)}`, "what it had just read is lost"],
  },
  log_pump_failed: {
    title: "Its last output could not be written to its log",
    say: ({ reason }) => [text(reason)],
  },
  log_truncated: {
    title: "The log was emptied or overwritten while the run was writing to it",
    say: (data) => [...fromTo(data), byWhom(data.writer)],
  },
  log_replaced: { title: "The log was replaced by another file", say: fromTo },
  pid_file_replaced: { title: "Stale pid file replaced", say: ({ found }) => [text(found)] },
  pid_file_restored: { title: "Pid file written again", say: ({ pidFile }) => [text(pidFile)] },
  pid_file_taken: { title: "Pid file names another process", say: ({ found }) => [text(found)] },
  pid_file_failed: { title: "Pid file could not be written", say: ({ found }) => [text(found)] },
  refused: { title: "Came too late and changed nothing", say: ({ event }) => [text(event)] },
};

export function describeEvent({ type, data }: RunEventView): { title: string; facts: string } {
  const known = Object.hasOwn(WORDS, type) ? WORDS[type] : undefined;
  const facts = known?.say === undefined ? plainFacts(data) : known.say(data);
  return { title: known?.title ?? capitalised(type.replaceAll(/[._]/g, " ")), facts: joined(facts) };
}

/** `graceMs: 10000` → `grace ms: 10000`; where the state went is told by the title already. */
function plainFacts(data: Data): (string | null)[] {
  return Object.entries(data)
    .filter(([name]) => name !== "from" && name !== "to")
    .map(([name, value]) => (value === null || value === "" ? null : `${spaced(name)}: ${plain(value)}`));
}

function argsWords(how: unknown, run: unknown): string | null {
  if (how === "same") return `with the arguments of ${text(run)}`;
  if (how === "changed") return `with other arguments than ${text(run)}`;
  return how === "unknown" ? `the arguments of ${text(run)} are not known` : null;
}

const ASKED_WORDS: Readonly<Record<string, string>> = {
  program: "to the program",
  group: "to its process group",
  tree: "to all its processes",
  others: "to those that were not asked before",
};

function signalWords({ signal, asked, pids, notPermitted }: Data): (string | null)[] {
  const whom = typeof asked === "string" ? (ASKED_WORDS[asked] ?? null) : null;
  const which = list(pids) === null ? null : `${whom === null ? "to " : ""}${list(pids)}`;
  const theirs = list(notPermitted);
  const refused =
    theirs === null
      ? null
      : `not to ${theirs}, which ${theirs.includes(",") ? "belong" : "belongs"} to another user`;
  return [[text(signal), whom].filter((word) => word !== null).join(" "), which, refused];
}

function stubbornWords(processes: unknown): string[] {
  const all = Array.isArray(processes) ? processes : [];
  return all.map(({ pid, state, notPermitted }) =>
    notPermitted === true
      ? `process ${pid} belongs to another user; only that user or root can end it`
      : `process ${pid} is in state ${state}`,
  );
}

function list(pids: unknown): string | null {
  return Array.isArray(pids) && pids.length > 0 ? pids.join(", ") : null;
}

function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function size(bytes: unknown): string {
  return typeof bytes === "number" ? formatBytes(bytes) : "unknown";
}

function fromTo({ fromBytes, toBytes }: Data): string[] {
  return [`${size(fromBytes)} before`, `${size(toBytes)} now`];
}

/** A process of the run that has it open by itself, or what most often does it. */
function byWhom(writer: unknown): string {
  if (typeof writer === "object" && writer !== null && "pid" in writer && "program" in writer)
    return `by the run itself: process ${Number(writer.pid)} (${text(writer.program) ?? "?"}) has reopened it; send the job's output through a pipe`;
  return "usually by the program itself, with > /dev/stderr or tee /dev/stderr; if so, send the job's output through a pipe";
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function quotedOrNothing(words: unknown): string | null {
  const said = text(words);
  return said === null ? null : quoted(said);
}

/** The words are those of the end; when this happened it was only requested. */
function whoAsked(reason: unknown): string | null {
  const words = text(reason)?.replace(/^Stopped (for a restart )?by /, "$1by ");
  return words?.replace(/\.$/, "") ?? null;
}

function by(actor: unknown): string | null {
  return text(actor) === null ? null : `by ${text(actor)}`;
}

function pid(process: unknown): string | null {
  const known = typeof process === "object" && process !== null && "pid" in process ? process.pid : null;
  return known === null ? null : `process ${known}`;
}

function grace(ms: unknown): string | null {
  if (typeof ms !== "number") return null;
  return ms === 0 ? "at once" : `${formatElapsed(ms)} to end by itself`;
}

function causeWords(cause: unknown): string | null {
  const known = RUN_CAUSES.find((one) => one === cause);
  return known === undefined ? text(cause) : CAUSE_LABEL[known];
}

function exitWords(exit: unknown): string | null {
  if (typeof exit !== "object" || exit === null) return null;
  if ("signal" in exit && text(exit.signal) !== null) return `by ${text(exit.signal)}`;
  return "code" in exit && typeof exit.code === "number" ? `with code ${exit.code}` : "how is not known";
}

function joined(facts: readonly (string | null)[]): string {
  return facts.filter((fact) => fact !== null && fact !== "").join(" · ");
}

function spaced(name: string): string {
  return name.replaceAll(/([A-Z])/g, " $1").toLowerCase();
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
