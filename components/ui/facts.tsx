import type { ReactNode } from "react";

export type FactRow = { name: string; value: ReactNode };

/** Names and values, one a row. */
export function Facts({ rows }: { rows: readonly FactRow[] }) {
  return (
    <dl className="divide-y divide-line text-sm">
      {rows.map(({ name, value }) => (
        <div
          key={name}
          className="grid min-h-9 grid-cols-[7rem_minmax(0,1fr)] items-baseline gap-3 px-4 py-2"
        >
          <dt className="text-xs text-faint">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
