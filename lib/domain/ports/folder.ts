import type { Unconfirmed } from "../folder";
import type { Fact } from "../health";
import type { WorkerId } from "../ids";
import type { Run } from "../run";
import type { AuditEntry } from "./audit";

/** `unconfirmed` null: this is the live folder. */
export type FoundFolder = {
  readonly path: string;
  readonly worker: WorkerId;
  readonly unconfirmed: Unconfirmed | null;
};

/** Whose data folder it is, and what is held back while that is in doubt. */
export type Folder = {
  /** @throws AppError FOLDER_UNCONFIRMED */
  refuseUnconfirmed(): void;
  findFolder(): FoundFolder;
  /** Whether the run's process lives under another data folder. */
  isElsewhere(run: Run): Promise<boolean>;
  /** Records a person's word with the audit row, and begins. */
  confirmFolder(audit: AuditEntry): Promise<void>;
  /** Why an active run is not looked after as long as the folder is in doubt; null: it is looked after. */
  heldBack(run: Run): Fact | null;
};
