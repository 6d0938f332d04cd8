import type { Hold } from "../hold";
import type { HoldId } from "../ids";
import type { AuditEntry } from "./audit";

export type Holds = {
  newHoldId(now: number): HoldId;
  insertHold(hold: Hold, audit: AuditEntry): Promise<void>;
  /** @returns the hold that was; null: there is none, any more */
  deleteHold(id: HoldId, audit: (hold: Hold) => AuditEntry, now: number): Promise<Hold | null>;
  /** Those that last at that moment, the newest first. */
  listHolds(now: number): Promise<readonly Hold[]>;
};
