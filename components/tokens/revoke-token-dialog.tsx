"use client";

import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { useRevokeToken } from "@/lib/client/tokens";
import type { TokenView } from "@/lib/contracts/api-token";

type RevokeTokenDialogProps = { token: TokenView; open: boolean; onOpenChange: (open: boolean) => void };

export function RevokeTokenDialog({ token, open, onOpenChange }: RevokeTokenDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Revoke ${token.name}?`}
      description="Every program that uses it is refused from now on. This cannot be undone: a new token has another secret."
    >
      <RevokeTokenForm token={token} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function RevokeTokenForm({ token, close }: { token: TokenView; close: () => void }) {
  const revoke = useRevokeToken(token.id, () => {
    toast(`${token.name} was revoked`);
    close();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        revoke.mutate();
      }}
    >
      <DialogBody>
        <p className="text-sm text-muted">
          {token.lastUsedAt === null ? (
            "It has never been used."
          ) : (
            <>
              It was last used <Ago at={token.lastUsedAt} />.
            </>
          )}
        </p>
        <ProblemNotice error={revoke.error} title="The token was not revoked" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="danger-main" busy={revoke.isPending}>
          Revoke token
        </Button>
      </DialogActions>
    </form>
  );
}
