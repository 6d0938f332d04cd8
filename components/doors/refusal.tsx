import type { ReactNode } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Notice } from "@/components/ui/notice";
import { isApiProblem } from "@/lib/client/problem";

type RefusalProps = {
  error: unknown;
  /** Seconds until the next attempt is accepted. */
  wait: number;
  /** What SIGN_IN_FAILED means here. */
  wrong: string;
  /** What to do then. */
  children: ReactNode;
};

/** Why an attempt was refused, for a person rather than a program: without codes and ids where there is nothing to look up. */
export function Refusal({ error, wait, wrong, children }: RefusalProps) {
  const code = isApiProblem(error) ? error.code : null;
  if (code === "TOO_MANY_ATTEMPTS")
    return wait === 0 ? (
      <Notice title="You can try again now" />
    ) : (
      <Notice
        tone="warn"
        // What ticks is not read out every second.
        title={
          <span aria-live="off" className="tabular">
            Too many attempts failed. Wait {wait} s.
          </span>
        }
      />
    );
  if (code === "SIGN_IN_FAILED")
    return (
      <Notice tone="bad" title={wrong}>
        {children}
      </Notice>
    );
  return <ProblemNotice error={error} title="You were not signed in" />;
}
