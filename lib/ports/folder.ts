import type { App } from "@/lib/booted";
import { refuseUnconfirmed, whyHeldBack } from "@/lib/domain/folder-words";
import type { Run } from "@/lib/domain/run";
import type { AuditEntry } from "@/lib/store/audit";

/** Whose data folder it is, and what is held back while that is in doubt. */
export function folderOf({ folder, supervisor, begin }: App) {
  return {
    /** @throws AppError FOLDER_UNCONFIRMED */
    refuseUnconfirmed: () => {
      const doubt = folder.unconfirmed();
      if (doubt !== null) throw refuseUnconfirmed(folder.path, doubt);
    },
    findFolder: () => ({ path: folder.path, worker: folder.worker, unconfirmed: folder.unconfirmed() }),
    isElsewhere: async (run: Run) => (await supervisor.whereabouts(run)).home === "elsewhere",
    confirmFolder: (audit: AuditEntry) => folder.confirm(audit, begin),
    heldBack: (run: Run) => {
      const doubt = folder.unconfirmed();
      return doubt === null ? null : whyHeldBack(run, doubt, supervisor.lastWhereabouts(run));
    },
  };
}
