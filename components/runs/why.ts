import type { RunView } from "@/lib/contracts/run";
import { RHYTHM } from "@/lib/domain/health";
import { CAUSE_LABEL, HEALTH_MEANING } from "./state-words";

/** One sentence on why the run is in its state. */
export function whyOf(run: RunView): string {
  if (run.state === "queued") return `It waits for ${run.waitingFor ?? "its turn to start"}.`;
  const cause = run.cause === null ? null : `${CAUSE_LABEL[run.cause]}.`;
  if (run.state === "running") return howItDoes(run);
  if (run.state === "starting") return "Its process is being started.";
  if (run.state === "stopping") return joined(run.reason, stoppingWords(run));
  return run.reason ?? cause ?? "No reason was recorded.";
}

/** In a list: how far a healthy run is, when it says so, else why it is in its state. */
export function whatItDoes(run: RunView): string {
  const far = run.state === "running" && run.health === "healthy" ? progressInWords(run) : "";
  return far === "" ? whyOf(run) : far;
}

function progressInWords({ progress }: RunView): string {
  if (progress === null) return "";
  const { extracted, total, message } = progress;
  const count = extracted?.toLocaleString("en");
  const figures = total === null ? count : `${count ?? 0} of ${total.toLocaleString("en")}`;
  return [figures, message].filter((part) => part !== undefined && part !== null && part !== "").join(" · ");
}

/** A late run says how late: what it usually does, and for how long it has not. */
function howItDoes(run: RunView): string {
  const rhythm = run.evidence.find(({ fact }) => fact === RHYTHM);
  return run.health === "late" && rhythm !== undefined
    ? `It ${rhythm.value}.`
    : HEALTH_MEANING[run.health ?? "healthy"];
}

function stoppingWords({ health }: RunView): string {
  return health === "overdue" ? HEALTH_MEANING.overdue : "Stopping, within its grace period.";
}

/** Each ends as a sentence does, also where it is what a person has typed. */
function joined(...sentences: (string | null)[]): string {
  return sentences
    .flatMap((sentence) => (sentence === null || sentence === "" ? [] : [sentence.trim()]))
    .map((sentence) => (/[.!?…]["”’)]?$/.test(sentence) ? sentence : `${sentence}.`))
    .join(" ");
}
