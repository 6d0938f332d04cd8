import { type ReactNode, useId } from "react";

/** A group of fields with its name and purpose beside it. */
export function Section({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-8 gap-y-4 border-t border-line py-6 first:border-t-0 first:pt-0 lg:grid-cols-[13rem_minmax(0,1fr)]"
    >
      <div>
        <h2 id={id} className="text-sm font-semibold">
          {title}
        </h2>
        <p className="mt-1 text-xs text-muted">{about}</p>
      </div>
      <div className="grid max-w-2xl min-w-0 gap-4">{children}</div>
    </section>
  );
}
