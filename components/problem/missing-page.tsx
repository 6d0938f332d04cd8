import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button";

type MissingPageProps = { title: string; href: string; back: string; children: ReactNode };

export function MissingPage({ title, href, back, children }: MissingPageProps) {
  return (
    <div className="flex max-w-lg flex-col items-start gap-3 py-10">
      <p className="text-xs font-medium text-faint tabular">404</p>
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="text-muted">{children}</p>
      <ButtonLink href={href} className="mt-2">
        {back}
      </ButtonLink>
    </div>
  );
}
