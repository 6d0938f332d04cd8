import type { ReactNode } from "react";

/** How something stands, and the button that changes it. */
export function SettingRow({ children, button }: { children: ReactNode; button: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-4 py-3">
      <p className="min-w-0 flex-1 basis-64 text-sm text-muted">{children}</p>
      {button}
    </div>
  );
}
