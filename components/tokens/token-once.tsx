"use client";

import { useEffect, useRef } from "react";
import { CopyBox, ShownOnce } from "@/components/access/shown-once";
import { Button } from "@/components/ui/button";
import { DialogActions, DialogBody } from "@/components/ui/dialog";
import type { NewToken } from "@/lib/client/tokens";
import { Expiry } from "./expiry";
import { tokenUses } from "./token-uses";

/** After a token was made: its secret, this once, and how it is used. */
export function TokenOnce({ created: { token, secret }, close }: { created: NewToken; close: () => void }) {
  const words = useRef<HTMLParagraphElement>(null);
  // What was pressed is gone, so the focus would be lost, and a screen reader would say nothing.
  useEffect(() => words.current?.focus(), []);
  return (
    <>
      <DialogBody>
        <p ref={words} tabIndex={-1} className="text-sm outline-none">
          Copy the secret of <strong className="font-semibold">{token.name}</strong> now: it is not shown
          again.{" "}
          {token.expiresAt === null ? (
            "It does not expire."
          ) : (
            <>
              It expires <Expiry at={token.expiresAt} none="" on="on " />.
            </>
          )}
        </p>
        <ShownOnce label="Secret" value={secret} />
        <div className="flex flex-col gap-2">
          {tokenUses(window.location.origin, secret).map(({ label, command }) => (
            <div key={label}>
              <p className="mb-1 text-xs text-muted">{label}</p>
              <CopyBox value={command} copy={`Copy: ${label}`} />
            </div>
          ))}
        </div>
        <p className="text-xs text-faint">
          Keep it out of scripts and repositories: a file that only its user can read, or the secrets of your
          CI, is the place for it.
        </p>
      </DialogBody>
      <DialogActions>
        <Button look="main" onClick={close}>
          Done
        </Button>
      </DialogActions>
    </>
  );
}
