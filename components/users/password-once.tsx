"use client";

import { useEffect, useRef } from "react";
import { ShownOnce } from "@/components/access/shown-once";
import { Button } from "@/components/ui/button";
import { DialogActions, DialogBody } from "@/components/ui/dialog";

type PasswordOnceProps = { name: string; password: string | null; close: () => void };

/** After a password was made up: it is shown this once. */
export function PasswordOnce({ name, password, close }: PasswordOnceProps) {
  const words = useRef<HTMLParagraphElement>(null);
  // What was pressed is gone, so the focus would be lost, and a screen reader would say nothing.
  useEffect(() => words.current?.focus(), []);
  return (
    <>
      <DialogBody>
        <p ref={words} tabIndex={-1} className="text-sm outline-none">
          Pass this password on to <strong className="font-semibold">{name}</strong> now: it is not shown
          again. At the first sign-in a new one has to be chosen.
        </p>
        {password !== null && <ShownOnce label="One-time password" value={password} />}
      </DialogBody>
      <DialogActions>
        <Button look="main" onClick={close}>
          Done
        </Button>
      </DialogActions>
    </>
  );
}
