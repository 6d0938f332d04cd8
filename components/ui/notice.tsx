import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

type NoticeProps = {
  tone?: "bad" | "plain";
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
};

/** Something that must be read: it stays on the page until what it speaks of is over. */
export function Notice({ tone = "plain", title, children, actions, className }: NoticeProps) {
  const bad = tone === "bad";
  const Icon = bad ? CircleAlert : Info;
  return (
    <div
      role={bad ? "alert" : "status"}
      className={cn(
        "flex gap-3 rounded-lg border px-4 py-3",
        bad ? "border-bad/40 bg-bad/6" : "border-line bg-surface",
        className,
      )}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", bad ? "text-bad" : "text-muted")} />
      <div className="min-w-0 flex-1">
        <p className="text-sm font-semibold">{title}</p>
        {children !== undefined && <div className="mt-0.5 text-sm text-muted">{children}</div>}
        {actions !== undefined && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
