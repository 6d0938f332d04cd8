import { HEALTH_LABEL, STATE_LABEL } from "@/components/runs/state-words";
import type { StatusView } from "@/lib/contracts/status";

const READ_OUT_AT_MOST = 3;

/** One sentence a change of run state or health between two answers; a number when there are many. */
export function describeChanges(before: readonly StatusView[], after: readonly StatusView[]): string {
  const known = new Map(before.map((status) => [status.job, status]));
  const sentences = after.flatMap((status) => describeOne(known.get(status.job), status));
  if (sentences.length > READ_OUT_AT_MOST) return `${sentences.length} runs changed their state.`;
  return sentences.join(" ");
}

function describeOne(before: StatusView | undefined, { title, run }: StatusView): readonly string[] {
  if (before === undefined || run === null) return [];
  const isNew = before.run?.id !== run.id;
  if (isNew || before.run?.state !== run.state) return [`${title}: ${STATE_LABEL[run.state]}.`];
  const sicker = run.health !== null && run.health !== "healthy" && before.run.health !== run.health;
  return sicker ? [`${title} is ${HEALTH_LABEL[run.health ?? "healthy"].toLowerCase()}.`] : [];
}
