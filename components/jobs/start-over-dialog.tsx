"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { useMay } from "@/lib/client/may";
import type { RunView } from "@/lib/contracts/run";
import { ArgvChips } from "./argv-chips";

/** Starting over is asked about only where the last run was given something that the job does not say. */
export function asksToStartOver(run: RunView | null): run is RunView & { args: string[] } {
  return run !== null && run.args !== null && run.args.length > 0;
}

type StartOverDialogProps = {
  title: string;
  /** null: closed */
  run: (RunView & { args: string[] }) | null;
  close: () => void;
  /** @param args null: none but the job's own */
  onChosen: (args: string[] | null) => void;
};

/** Resuming keeps a run's arguments; starting over may mean either. */
export function StartOverDialog({ title, run, close, onChosen }: StartOverDialogProps) {
  const choosesArgs = useMay().may("admin", null);
  const choose = (args: string[] | null) => {
    close();
    onChosen(args);
  };
  return (
    <Dialog
      open={run !== null}
      onOpenChange={(open) => open || close()}
      title={`Start ${title} over?`}
      description="The last run had arguments of its own. The new run starts from scratch; what the last one left behind is set aside, not deleted."
    >
      <DialogBody>
        {run !== null && (
          <div className="flex flex-col gap-1.5 text-sm">
            <span>
              Arguments of <code className="text-xs">{run.id}</code>
            </span>
            <ArgvChips argv={run.args} label="Arguments of the last run" program={false} />
            {!choosesArgs && (
              <p className="text-muted">Only an admin can give the new run arguments of its own, too.</p>
            )}
          </div>
        )}
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button look={choosesArgs ? "plain" : "main"} onClick={() => choose(null)}>
          As the job says
        </Button>
        {choosesArgs && (
          <Button look="main" onClick={() => run !== null && choose(run.args)}>
            With these arguments
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
