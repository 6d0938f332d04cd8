import { ArrowRight } from "lucide-react";
import { Children, type ReactNode } from "react";

/** What is there now, and after each arrow what it will become. @param props.children one node for each step */
export function WillBecome({ now, children }: { now: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-md bg-raised px-3 py-2 text-sm">
      {now}
      {/* An array of what is really there: a step that is left out must not leave its arrow. */}
      {Children.toArray(children).map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity but their place
        <span key={index} className="inline-flex items-center gap-2">
          <ArrowRight role="img" aria-label="will become" className="size-3.5 shrink-0 text-faint" />
          {step}
        </span>
      ))}
    </div>
  );
}
