import type { RunView } from "@/lib/contracts/run";
import { textOf } from "@/lib/domain/parameters";

/** What a run was given, by name. A value that differs from the run before is marked, for readers too. */
export function GivenParameters({
  run,
}: {
  run: Pick<RunView, "parameters" | "parametersSecret" | "parametersBefore">;
}) {
  const { parameters, parametersSecret, parametersBefore } = run;
  const changed = parametersBefore?.changed ?? [];
  const named = Object.entries(parameters ?? {});
  const gone = changed.filter((name) => !named.some(([other]) => other === name));
  return (
    <ul className="flex min-w-0 flex-wrap gap-1" aria-label="Parameters">
      {named.map(([name, value]) => (
        <li
          key={name}
          className="max-w-full rounded-sm border border-line bg-raised px-1.5 py-px font-mono text-xs whitespace-pre-wrap wrap-anywhere"
        >
          <span className="text-muted">{name}=</span>
          {parametersSecret.includes(name) ? (
            <span className="text-faint italic">secret</span>
          ) : (
            textOf(value)
          )}
          {changed.includes(name) && <span className="ml-1.5 font-sans text-muted">changed</span>}
        </li>
      ))}
      {gone.map((name) => (
        <li key={name} className="px-1.5 py-px text-xs text-muted">
          <code>{name}</code> no longer given
        </li>
      ))}
    </ul>
  );
}

export function hasParameters({ parameters, parametersBefore }: RunView): boolean {
  return Object.keys(parameters ?? {}).length > 0 || (parametersBefore?.changed.length ?? 0) > 0;
}
