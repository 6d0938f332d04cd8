import { Ago } from "@/components/time/ago";
import { Facts } from "@/components/ui/facts";
import type { RunView } from "@/lib/contracts/run";
import { HEALTH_LABEL, HEALTH_MEANING, VERDICT_LABEL } from "./state-words";

/** The facts behind what is said of a run. */
export function Evidence({ run }: { run: RunView }) {
  const verdicts = [
    ...(run.health === null ? [] : [{ name: "Verdict", value: <Verdict word={HEALTH_LABEL[run.health]} means={HEALTH_MEANING[run.health]} /> }]),
    ...(run.verdict === null ? [] : [{ name: "Can it go on?", value: VERDICT_LABEL[run.verdict] }]),
  ];
  const facts = run.evidence.map(({ fact, value, at }) => ({
    name: capitalised(fact),
    value: (
      <span className="flex flex-wrap justify-between gap-x-3">
        <span className="min-w-0">{value}</span>
        {at !== null && !value.endsWith("ago") && <Ago at={at} className="text-xs text-faint" />}
      </span>
    ),
  }));
  if (verdicts.length + facts.length === 0) return <p className="px-4 py-3 text-sm text-muted">Nothing to weigh: the run has not begun or left no traces.</p>;
  return <Facts rows={[...verdicts, ...facts]} />;
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
