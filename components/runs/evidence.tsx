import { Ago } from "@/components/time/ago";
import { type FactRow, Facts } from "@/components/ui/facts";
import type { RunView } from "@/lib/contracts/run";
import { type Health, RHYTHM } from "@/lib/domain/health";
import type { RunState } from "@/lib/domain/run";
import { resumeWords } from "./resume-words";
import { HEALTH_LABEL, HEALTH_MEANING } from "./state-words";

const AGE_ALONE = /^[\d][\d a-z]* ago$/;

/** The facts behind what is said of a run. */
export function Evidence({ run }: { run: RunView }) {
  const resume = resumeWords(run);
  const verdicts = [
    ...(run.health === null
      ? []
      : [
          {
            name: "Health",
            value: <Verdict word={HEALTH_LABEL[run.health]} means={meaningOf(run, run.health)} />,
          },
        ]),
    ...(resume === null
      ? []
      : [{ name: "Resume", value: <Verdict word={resume.label} means={resume.means} /> }]),
  ];
  const facts = factRows(run.evidence.filter((fact) => !standsElsewhere(fact.fact, run)));
  if (verdicts.length + facts.length === 0)
    return (
      <p className="px-4 py-3 text-sm text-muted">
        No evidence yet: the run has not started or left no traces.
      </p>
    );
  return <Facts rows={[...verdicts, ...facts]} />;
}

/** The progress has a panel of its own on this page, and a live process is told by its number already. */
function standsElsewhere(fact: string, { evidence, progress }: RunView): boolean {
  if (fact === "progress") return progress !== null;
  return fact === "process identity" && evidence.some((other) => /^process \d+$/.test(other.fact));
}

export function factRows(evidence: RunView["evidence"]): FactRow[] {
  return evidence.map(({ fact, value, at }) => ({
    name: capitalised(fact),
    // "3 s ago" as it was when the server answered; here it ticks.
    value: at !== null && AGE_ALONE.test(value) ? <Ago at={at} /> : value,
  }));
}

/** Only of a running program are signs of life expected. */
const WELL_MEANS: Partial<Record<RunState, string>> = {
  queued: "Waiting for its turn.",
  starting: "Starting, within its time limit.",
  stopping: "Stopping, within its grace period.",
};

function meaningOf(run: RunView, health: Health): string {
  if (health !== "healthy") return HEALTH_MEANING[health];
  const rhythm = run.evidence.some(({ fact }) => fact === RHYTHM);
  return WELL_MEANS[run.state] ?? (rhythm && run.lastLifeAt !== null ? "Signs of life as usual." : "");
}

function Verdict({ word, means }: { word: string; means: string }) {
  return (
    <>
      <span className="font-medium">{word}.</span>
      {means !== "" && <span className="text-muted"> {means}</span>}
    </>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
