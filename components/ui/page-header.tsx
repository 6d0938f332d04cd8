import type { ReactNode } from "react";

type PageHeaderProps = { title: ReactNode; badge?: ReactNode; below?: ReactNode; actions?: ReactNode };

export function PageHeader({ title, badge, below, actions }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 sm:flex-1 sm:basis-96">
        <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
          {badge}
        </div>
        {below !== undefined && <div className="mt-1 text-sm text-muted">{below}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
