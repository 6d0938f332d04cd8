import type { RunView } from "@/lib/contracts/run";

/** What the program said last, as it said it; nothing where it completed or said nothing of the kind. */
export function LastWords({ run: { lastWords }, inline = false }: { run: RunView; inline?: boolean }) {
  if (lastWords === null) return null;
  const words = <code className="text-xs wrap-anywhere">{lastWords}</code>;
  return inline ? <> {words}</> : <p className="mt-0.5">{words}</p>;
}
