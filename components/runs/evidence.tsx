import { Ago } from "@/components/time/ago";
import { type FactRow, Facts } from "@/components/ui/facts";
import type { RunView } from "@/lib/contracts/run";
import type { Health } from "@/lib/domain/health";
import type { RunState } from "@/lib/domain/run";
import { HEALTH_LABEL, HEALTH_MEANING, VERDICT_LABEL } from "./state-words";

const AGE_ALONE = /^[\d][\d a-z]* ago$/;

/** The facts behind what is said of a run. */
export function Evidence({ run }: { run: RunView }) {
  const verdicts = [
    ...(run.health === null
      ? []
      : [
          {
            name: "Verdict",
            value: <Verdict word={HEALTH_LABEL[run.health]} means={meaningOf(run, run.health)} />,
          },
        ]),
    ...(run.verdict === null
      ? []
      : [
          {
            name: "Can it go on?",
            value: <Verdict word={VERDICT_LABEL[run.verdict]} means={run.verdictSentence ?? ""} />,
          },
        ]),
    ...(run.unsettled
      ? [{ name: "Decided?", value: "Not yet: a resume, a new start or a clean-up decides." }]
      : []),
  ];
  const facts = factRows(run.evidence);
  if (verdicts.length + facts.length === 0)
    return (
      <p className="px-4 py-3 text-sm text-muted">
        Nothing to weigh: the run has not begun or left no traces.
      </p>
    );
  return <Facts rows={[...verdicts, ...facts]} />;
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
  queued: "It waits for its turn.",
  starting: "Its start takes no longer than is allowed.",
  stopping: "Its end takes no longer than is allowed.",
};

function meaningOf(run: RunView, health: Health): string {
  return (health === "healthy" ? WELL_MEANS[run.state] : undefined) ?? HEALTH_MEANING[health];
}

function Verdict({ word, means }: { word: string; means: string }) {
  return (
    <>
      <span className="font-medium">{word}.</span> <span className="text-muted">{means}</span>
    </>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
