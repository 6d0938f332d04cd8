"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Checkbox } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";

const SHORTCUTS = [
  { keys: ["g", "o"], does: "Go to the overview" },
  { keys: ["g", "j"], does: "Go to the jobs" },
  { keys: ["g", "r"], does: "Go to the runs" },
  { keys: ["g", "u"], does: "Go to what is stuck" },
  { keys: ["g", "c"], does: "Go to the clean-ups" },
  { keys: ["g", "l"], does: "Go to the locks" },
  { keys: ["/"], does: "Search or filter" },
  { keys: ["j"], does: "Next row" },
  { keys: ["k"], does: "Previous row" },
  { keys: ["s"], does: "Start or stop" },
  { keys: ["r"], does: "Resume or restart" },
  { keys: ["x"], does: "Tick a stuck run" },
  { keys: ["c"], does: "Plan or apply a clean-up" },
  { keys: ["u"], does: "Undo a clean-up" },
  { keys: ["l"], does: "Open the log" },
  { keys: ["e"], does: "Edit the job" },
  { keys: ["n"], does: "New job" },
  { keys: ["?"], does: "This sheet" },
] as const;

type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  enabled: boolean;
  onEnable: (enabled: boolean) => void;
};

export function ShortcutSheet({ open, onOpenChange, enabled, onEnable }: SheetProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard"
      description="Keys act on the focused row, or else on the page."
    >
      <DialogBody>
        <dl className="grid grid-cols-2 gap-x-8 gap-y-1 text-sm max-sm:grid-cols-1">
          {SHORTCUTS.map(({ keys, does }) => (
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
