import type { ReactNode } from "react";

type DoorProps = { title: string; below?: ReactNode; children: ReactNode };

/** One question in the middle of the page. */
export function Door({ title, below, children }: DoorProps) {
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight text-balance">{title}</h1>
      {below !== undefined && <div className="mt-1.5 text-base text-muted">{below}</div>}
      <div className="mt-6 flex flex-col gap-4">{children}</div>
    </>
  );
}
