"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Checkbox } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { type May, useMay } from "@/lib/client/may";
import type { Role } from "@/lib/domain/access";

type Shortcut = {
  readonly keys: readonly string[];
  readonly does: string;
  /** For everything; `some`: for some jobs is enough. Left out: everyone may. */
  readonly needs?: Role | "some operator";
};

const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["g", "o"], does: "Go to the overview" },
  { keys: ["g", "j"], does: "Go to the jobs" },
  { keys: ["g", "r"], does: "Go to the runs" },
  { keys: ["g", "s"], does: "Go to the schedules" },
  { keys: ["g", "u"], does: "Go to what is stuck", needs: "viewer" },
  { keys: ["g", "c"], does: "Go to the clean-ups", needs: "viewer" },
  { keys: ["g", "l"], does: "Go to the locks", needs: "viewer" },
  { keys: ["g", "p"], does: "Go to the users", needs: "admin" },
  { keys: ["g", "t"], does: "Go to the tokens", needs: "admin" },
  { keys: ["g", "a"], does: "Go to the audit", needs: "admin" },
  { keys: ["/"], does: "Search or filter" },
  { keys: ["j"], does: "Next row" },
  { keys: ["k"], does: "Previous row" },
  { keys: ["s"], does: "Start or stop", needs: "some operator" },
  { keys: ["r"], does: "Resume or restart", needs: "some operator" },
  { keys: ["x"], does: "Tick a stuck run", needs: "operator" },
  { keys: ["c"], does: "Plan or apply a clean-up", needs: "operator" },
  { keys: ["u"], does: "Undo a clean-up", needs: "operator" },
  { keys: ["l"], does: "Open the log" },
  { keys: ["e"], does: "Edit the job", needs: "admin" },
  { keys: ["n"], does: "New job", needs: "admin" },
  { keys: ["?"], does: "This sheet" },
];

function isFor({ needs }: Shortcut, { may, mayAnywhere }: May): boolean {
  if (needs === undefined) return true;
  return needs === "some operator" ? mayAnywhere("operator") : may(needs, null);
}

type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  enabled: boolean;
  onEnable: (enabled: boolean) => void;
};

export function ShortcutSheet({ open, onOpenChange, enabled, onEnable }: SheetProps) {
  const may = useMay();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard"
      description="Keys act on the focused row, or else on the page."
    >
      <DialogBody>
        <dl className="grid grid-cols-2 gap-x-8 gap-y-1 text-sm max-sm:grid-cols-1">
          {SHORTCUTS.filter((shortcut) => isFor(shortcut, may)).map(({ keys, does }) => (
            <div key={does} className="flex min-h-8 items-center justify-between gap-3 border-b border-line">
              <dt className="order-2 flex gap-1">
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dt>
              <dd className="text-muted">{does}</dd>
            </div>
          ))}
        </dl>
        <Checkbox
          label="One-letter keys"
          hint="Turn them off if they get in the way of speech input."
          checked={enabled}
          onChange={(event) => onEnable(event.target.checked)}
        />
      </DialogBody>
      <DialogActions>
        <Button onClick={() => onOpenChange(false)}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}
