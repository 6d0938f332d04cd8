import type { ReactNode } from "react";

type EmptyProps = { title: string; children?: ReactNode; actions?: ReactNode };

export function Empty({ title, children, actions }: EmptyProps) {
  return (
    <div className="flex flex-col items-start gap-1 px-4 py-8 sm:items-center sm:text-center">
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-prose text-sm text-muted">{children}</div>}
      {actions !== undefined && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
