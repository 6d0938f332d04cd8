import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

type Tone = "bad" | "warn" | "plain";

type NoticeProps = {
  tone?: Tone;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
};

const LOOK = {
  bad: { Icon: CircleAlert, frame: "border-bad/40 bg-bad/6", ink: "text-bad" },
  warn: { Icon: TriangleAlert, frame: "border-warn/40 bg-warn/6", ink: "text-warn" },
  plain: { Icon: Info, frame: "border-line bg-surface", ink: "text-muted" },
} as const satisfies Record<Tone, unknown>;

/** Something that must be read: it stays on the page until what it speaks of is over. */
export function Notice({ tone = "plain", title, children, actions, className }: NoticeProps) {
  const bad = tone === "bad";
  const { Icon, frame, ink } = LOOK[tone];
  return (
    <div
      role={bad ? "alert" : "status"}
      className={cn("flex gap-3 rounded-lg border px-4 py-3", frame, className)}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", ink)} />
      <div className="min-w-0 flex-1">
        <p className="text-sm font-semibold">{title}</p>
        {children !== undefined && <div className="mt-0.5 text-sm text-muted">{children}</div>}
        {isThere(actions) && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}

/** What a condition left out leaves no empty row behind. */
function isThere(node: ReactNode): boolean {
  return node !== undefined && node !== null && node !== false;
}
