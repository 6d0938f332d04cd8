import { type ReactNode, useId } from "react";
import { cn } from "./cn";

type PanelProps = {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  bare?: boolean;
};

/** A titled part of a page. `bare`: the content brings its own frame. */
export function Panel({ title, aside, children, className, bare = false }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cn("min-w-0", className)}>
      <div className="mb-2 flex min-h-7 items-center justify-between gap-3">
        <h2 id={id} className="text-sm font-semibold">
          {title}
        </h2>
        {aside !== undefined && <div className="text-xs text-faint">{aside}</div>}
      </div>
      {bare ? (
        children
      ) : (
        <div className="overflow-hidden rounded-lg border border-line bg-surface">{children}</div>
      )}
    </section>
  );
}
