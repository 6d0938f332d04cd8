"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactNode, useState } from "react";
import { cn } from "./cn";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** One or two sentences; read out with the title. */
  description?: ReactNode;
  children: ReactNode;
  className?: string;
};

/**
 * A question that needs an answer: a press outside does not close it, Escape does. Until it is opened there is nothing of it: a long list
 * has several in each row.
 */
export function Dialog({ open, ...rest }: DialogProps) {
  const [wasOpen, setWasOpen] = useState(open);
  if (open && !wasOpen) setWasOpen(true);
  return open || wasOpen ? <MadeDialog open={open} {...rest} /> : null;
}

function MadeDialog({ open, onOpenChange, title, description, children, className }: DialogProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 min-h-dvh bg-black/40 transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0 motion-reduce:transition-none dark:bg-black/60" />
        <AlertDialog.Popup
          className={cn(
            "fixed top-1/2 left-1/2 flex max-h-[calc(100dvh-2rem)] w-[30rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-y-auto rounded-lg border border-line bg-surface text-fg shadow-popup outline-none transition-[opacity,scale] duration-100 data-ending-style:scale-[0.98] data-starting-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:opacity-0 motion-reduce:transition-none",
            className,
          )}
        >
          <div className="px-5 pt-5">
            <AlertDialog.Title className="text-lg font-semibold text-balance">{title}</AlertDialog.Title>
            {description !== undefined && (
              <AlertDialog.Description className="mt-1 text-sm text-muted">
                {description}
              </AlertDialog.Description>
            )}
          </div>
          {children}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

export function DialogBody({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-4 px-5 pt-4">{children}</div>;
}

export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div className="mt-5 flex flex-wrap justify-end gap-2 border-t border-line bg-bg px-5 py-3">
      {children}
    </div>
  );
}
