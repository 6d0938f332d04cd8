import type { ReactNode } from "react";

/** Below rows that can be added and removed: what is wrong with them as a whole, and what to know of them. */
export function RowsFooter({ problem, children }: { problem: string | undefined; children: ReactNode }) {
  return (
    <>
      {problem !== undefined && (
        <p role="alert" className="text-xs font-medium text-bad">
          {problem}
        </p>
      )}
      <p className="text-xs text-faint">{children}</p>
    </>
  );
}
